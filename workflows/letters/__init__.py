"""The letters that a partnership sends: templates that its administrator edits, and their versions."""
