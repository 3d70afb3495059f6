"""Typed rows → findings, judged by Great Expectations.

Belongs here: the suites (`gx/expectations/*.json`, written from `contracts.rules` by `suites`), our own expectations,
and the run that gives each rule's failing row ids. Does not: files, decisions, Dagster, what a finding leads to.

Importing this package does not import Great Expectations; the first `judge` of a process does (seconds).
"""

from finsam_pipeline.validation.judging import RuleResult, documented, judge

__all__ = ["RuleResult", "documented", "judge"]
