"""Filing: a document's pages as one searchable PDF, its name, and its place in the records."""
