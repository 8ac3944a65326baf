"""The curated evidence set: YAML to records, records to the database, and back.

reader (files → records, every fault) → rules (records against one another) → writer (records → database);
snapshot (database → records) → files (records → YAML).
"""
