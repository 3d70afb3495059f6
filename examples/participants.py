"""Participants, with pandas: who came and went, how many of those who left went to work or studies, and how the goals stand.

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
    """Of those who ended, how many did so to work or studies, by gender: the share of the gender, and the split between genders.

    A row without an intervention is about all of them: shares cannot be added up.
    """
    rows = marts["participants/results"]
    of_all = rows[(rows["period"] == period) & rows["intervention_id"].isna()]
    measures = ["ended", "work_or_study", "share_of_ended_percent", "gender_split_percent"]
    return of_all.set_index(["association", "gender"])[measures].query("ended > 0")


def background(marts: dict[str, pd.DataFrame], period: str) -> pd.DataFrame:
    """Percent of all participants in each age group, by gender."""
    rows = marts["participants/background_shares"]
    ages = rows[(rows["period"] == period) & rows["intervention_id"].isna() & (rows["dimension"] == "age_group")]
    return ages.pivot_table(index=["association", "value"], columns="gender", values="share_percent", aggfunc="first")


def goals(marts: dict[str, pd.DataFrame], period: str) -> pd.DataFrame:
    """The year's goals as they stand at the end of the period."""
    rows = marts["participants/goals"]
    of_period = rows[rows["period"] == period].fillna({"intervention_id": "(all)"})
    measures = ["target", "numerator", "denominator", "of_target_percent", "status"]
    return of_period.set_index(["association", "intervention_id", "measure"])[measures]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--home", default="finsam-home")
    parser.add_argument("--period", help="without it, the newest that is complete")
    wanted = parser.parse_args()

    snapshot = open_snapshot(wanted.home)  # one snapshot, also when a newer one is published meanwhile
    marts = {name: snapshot.frame(name) for name in snapshot.marts}
    periods = marts["reference/periods"].query("complete").sort_values("ends_on")
    period = wanted.period or periods["period"].iloc[-1]

    print(f"Snapshot {snapshot.id}, {period}\n")
    print(flow(marts, period).to_string(), "\n")
    for table in (to_work_or_study, background, goals):
        print(table(marts, period).to_string(), "\n")


if __name__ == "__main__":
    main()
