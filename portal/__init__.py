"""The roof: settings, addresses, dashboards, search, background jobs."""
