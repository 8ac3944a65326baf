"""Figures of the comparison: rows in, Plotly figure out; nothing is computed or read here."""
