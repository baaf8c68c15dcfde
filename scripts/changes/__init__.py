"""What follows from an edit of the document: on the wire, in Python, and for the version."""
