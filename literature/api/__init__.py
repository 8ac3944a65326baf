"""The REST API of literature."""
