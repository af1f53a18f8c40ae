"""Settings: base holds what is always true; development, production and testing each add little."""
