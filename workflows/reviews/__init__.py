"""Reviews: see README.md."""
