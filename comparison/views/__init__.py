"""The pages: each view reads in a constant number of queries and hands the rest to a presenter."""
