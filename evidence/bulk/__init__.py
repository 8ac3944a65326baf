"""Evidence from spreadsheets: cells to records, a plan of every change and fault, then all of it or nothing.

cells (text ↔ values) → columns (what a table holds) → sheets (files ↔ tables) → plans (what would change, what is
wrong) → services (one transaction, by the writer of every other way in).
"""
