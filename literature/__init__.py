"""Floor 1: the citations that every number points to."""
