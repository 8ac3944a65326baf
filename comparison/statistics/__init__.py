"""The statistics of the comparisons: pure functions of plain numbers, without Django.

Formulas, units and sources stand in the docstrings; docs/reference-values.md tells what they were checked against.
"""
