"""The document importer, tested on untidy documents of our own."""
