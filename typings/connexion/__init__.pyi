# connexion ships no types. These stubs describe the surface that the mock server stands on, and
# nothing else; what is missing here is not used.
