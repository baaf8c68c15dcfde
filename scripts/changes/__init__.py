"""Change report: effects of an edit of the document on the wire, on Python and on the version."""
