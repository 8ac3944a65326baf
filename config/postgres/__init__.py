"""A Django database backend that brings its own PostgreSQL server. See docs/adr/0003-embedded-postgresql.md."""
