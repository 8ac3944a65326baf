"""Floor 0: plumbing that every other app stands on, without a word of medicine in it."""
