"""One Expectation class a rule that Great Expectations has no expectation of its own for, by family.

Importing this package imports Great Expectations (seconds) and registers every class; only `validation.engine` and
`validation.suites` do, where a suite runs or is written. A verdict is pandas over the columns of the expectation's
`column_list`; rule and column names stand in `contracts.rules`.
"""

from finsam_pipeline.validation.expectations import budgets, cells, counts, ledger, participations

FAMILIES = (budgets, cells, counts, ledger, participations)
