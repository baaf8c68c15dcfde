"""Generation of the client from the OpenAPI document; ``scripts/regenerate.py`` is the command.

The order of work::

    document_checks   rejects what is not OpenAPI, and what the client cannot express
    prepare           the document with one place for each thing
    run_generator     openapi-python-client lays out the package and runs our templates; then ruff
      ├ fields        what a template needs to know about a schema
      ├ calls         … about an operation
      ├ docstrings    … and the text that people read
      ├ code          what is code, and how text becomes a literal
      └ examples
    tree_checks       counts, imports, mypy
    manifest          hashes of all that went in and came out
    compare, replace  ``--check`` reports the differences; otherwise the new tree takes its place
"""
