"""Pages: see README.md."""
