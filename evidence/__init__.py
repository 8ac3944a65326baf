"""Floor 3: studies, arms, results, contrasts, findings, cases, and the data set in YAML."""
