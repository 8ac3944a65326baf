"""Floor 4: the question, the statistics, the guard, and what people and programs are shown."""
