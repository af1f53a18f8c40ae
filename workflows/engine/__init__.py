"""Engine: see README.md."""
