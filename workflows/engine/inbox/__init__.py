"""The inbox and its doors: the list with its saved views, one task, and many tasks at once."""
