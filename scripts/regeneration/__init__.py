"""From the OpenAPI document to the generated package: the parts behind ``scripts/regenerate.py``.

The order of work::

    structure_checks  a document that is none, or refers to nothing, is refused
    document_checks   what the generator would lose without a word is refused first
    derive            a copy of the document that the generator understands
    run_generator     openapi-python-client with our templates, then ruff
      ├ fields        what a template needs to know about a property
      ├ calls         … about an operation
      ├ docstrings    … and the text that people read
      └ examples
    tree_checks       counts, imports, mypy
    manifest          hashes of all that went in and came out
    compare | swap    ``--check`` reports the differences; otherwise the new tree takes its place
"""
