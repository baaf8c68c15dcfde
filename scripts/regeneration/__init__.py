"""From the OpenAPI document to the generated package: the parts behind ``scripts/regenerate.py``.

The order of work::

    structure_checks  a document that is none, or refers to nothing, is refused
    document_checks   what the client cannot express is refused first, by rules of the lint
    derive            a copy of the document that the generator understands
    run_generator     openapi-python-client with our templates, then ruff
      ├ fields        what a template needs to know about a property
      ├ calls         … about an operation
      ├ docstrings    … and the text that people read
      ├ code          what is code, and how text becomes a literal
      └ examples
    tree_checks       counts, imports, mypy
    manifest          hashes of all that went in and came out
    compare | swap    ``--check`` reports the differences; otherwise the new tree takes its place
"""
