"""Pages of what people arrange about their own tasks: calendar feed, e-mail, cover, escalation."""
