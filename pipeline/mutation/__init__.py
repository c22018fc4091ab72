"""Mutation testing of the rules: a right graph is broken in one place, and the rule that must see it has to report.

`original` holds a document's facts and makes mutants, `operators/` breaks them, `run` asks the rules, `table` prints.
Background, results and what no rule can see: docs/mutation.md.
"""
