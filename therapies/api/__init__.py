"""The REST API of therapies."""
