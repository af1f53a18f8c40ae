"""How each promise of an agreement is being kept, counted from what the processes recorded."""
