"""Participants, with pandas: who came and went, and how many of those who left went to work or studies.

    python examples/participants.py --home finsam-home [--period 2025H1]

Reads one snapshot and writes nothing. Internal: small counts stand unmasked.
"""

from __future__ import annotations

import argparse

import pandas as pd

from finsam_pipeline import open_snapshot


def flow(marts: dict[str, pd.DataFrame], period: str) -> pd.DataFrame:
    """Every measure of the flow by intervention, all genders together; carried_in + started = participants."""
    rows = marts["participants/participant_flow"]
    of_period = rows[rows["period"] == period]
    return of_period.groupby(["association", "intervention_id"])[
        ["carried_in", "started", "participants", "ended", "carried_out"]
    ].sum()


def to_work_or_study(marts: dict[str, pd.DataFrame], period: str) -> pd.DataFrame:
    """Of those who ended, how many did so to work or studies, by gender. The group of a reason is the association's own."""
    codes = marts["reference/codes"].query("list == 'exit_reason'")[["association", "code", "group"]]
    reasons = marts["participants/exit_reasons"]
    of_period = reasons[reasons["period"] == period]
    named = of_period.merge(codes, how="left", left_on=["association", "exit_reason"], right_on=["association", "code"])
    named["work_or_study"] = named["ended"].where(named["group"].eq("work_or_study").fillna(value=False), 0)
    return named.groupby(["association", "gender"])[["ended", "work_or_study"]].sum().query("ended > 0")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", default="finsam-home")
    parser.add_argument("--period", help="without it, the newest that is complete")
    wanted = parser.parse_args()

    snapshot = open_snapshot(wanted.home)  # one snapshot, also when a newer one is published meanwhile
    marts = {name: snapshot.frame(name) for name in snapshot.marts}
    periods = marts["reference/periods"].query("complete").sort_values("ends_on")
    period = wanted.period or periods["period"].iloc[-1]

    print(f"Snapshot {snapshot.id}, {period}\n")
    print(flow(marts, period).to_string(), "\n")
    print(to_work_or_study(marts, period).to_string())


if __name__ == "__main__":
    main()
