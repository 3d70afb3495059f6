"""Which period the nightly draft is about."""

from __future__ import annotations

import datetime as dt

from finsam_pipeline.pipeline.drafts import newest_period
from finsam_pipeline.register.model import PeriodKind


def test_the_newest_period_that_has_ended():
    assert newest_period(PeriodKind.HALF_YEAR, dt.date(2025, 9, 12), {"2025H1", "2025H2", "2025"}).name == "2025H1"
    assert newest_period(PeriodKind.HALF_YEAR, dt.date(2025, 6, 30), {"2025H1"}).name == "2025H1"
    assert newest_period(PeriodKind.HALF_YEAR, dt.date(2025, 6, 29), {"2024H2", "2025H1"}).name == "2024H2"


def test_an_old_file_handed_over_today_does_not_move_the_report():
    assert newest_period(PeriodKind.HALF_YEAR, dt.date(2026, 11, 22), {"2021H1", "2025H1", "2025"}).name == "2025H1"
    assert newest_period(PeriodKind.TERTIAL, dt.date(2026, 11, 22), {"2020T3"}).name == "2020T3"


def test_without_figures_the_newest_that_ended():
    assert newest_period(PeriodKind.QUARTER, dt.date(2026, 1, 2)).name == "2025Q4"
    assert newest_period(PeriodKind.YEAR, dt.date(2026, 1, 2)).name == "2025"
