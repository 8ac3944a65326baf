"""Rows of the database to the pieces that pages draw: no queries, no HTML."""
