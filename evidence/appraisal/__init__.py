"""How a study's risk of bias and the certainty of a body of evidence are judged: tools as data, rules, one way in."""
