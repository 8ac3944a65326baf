"""Floor 2: therapies, what they act on, and the map of the disease."""
