"""The job by which an engineer makes every night of a range anew, as `finsam run --as-of` would have, and then today again.

Each night is published: its snapshot has the id and the bytes it has always had, so an old figure can be shown or compared. While
the job runs, `marts/current` moves through the nights and its manifest says which one; the last thing the job does, also when a
night has failed, is a run without a day, after which what stood before stands again. See docs/operation.md for a reader who must
not see that.

Belongs here: which nights, in which order. Does not: what a run does.
"""
# No `from __future__ import annotations` here: Dagster reads the annotation of `context` and wants the class itself.

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import dagster as dg

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.defs.boundary import guarded
from finsam_pipeline.defs.names import LOOK_BACK, POOL, STEPS
from finsam_pipeline.defs.steps import Steps
from finsam_pipeline.defs.way import AssociationRun, Way

_MOST_NIGHTS = 3 * 366
_CONFIG = {
    "first": dg.Field(str, description="Första dagen (ÅÅÅÅ-MM-DD)"),
    "last": dg.Field(str, description="Sista dagen (ÅÅÅÅ-MM-DD)"),
}


@dataclass(frozen=True, slots=True)
class Night:
    """One association as it stood after one day; `as_of` is None for the run that puts today back.

    `snapshot_id`: of the night, in which every association stands as of that day.
    """

    association: str
    as_of: dt.date | None
    snapshot_id: str
    held: tuple[str, ...]


def nights(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day of the range, both ends included. Empty when it ends before it begins."""
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def look_back(way: Way, days: list[dt.date], tell: Callable[[Night], None]) -> None:
    """Run every association that has ever been run as of each day, and at last as of today.

    A day on which an association's inputs are those of the day before is passed over: it would give the same tables. A night is told when
    all have gone through it: before that, `current` holds some of them as of another day. Call it with the workspace held, so that no
    other run comes between.
    """
    seen: dict[str, str] = {}
    associations = [a for a in way.associations() if way.summary(a)]  # the others have nothing that could stand again
    try:
        for day in days:
            _through(way, associations, day, seen, tell)
    finally:
        _through(way, associations, None, {}, tell)


def _through(way: Way, associations: list[str], day: dt.date | None, seen: dict[str, str], tell: Callable[[Night], None]) -> None:
    done = [night for association in associations for night in _one(way, association, day, seen)]
    for night in done:
        tell(replace(night, snapshot_id=done[-1].snapshot_id))


def _one(way: Way, association: str, day: dt.date | None, seen: dict[str, str]) -> Iterator[Night]:
    run = way.open_run(association, day)
    try:
        if seen.get(association) != run.state:
            yield _whole(run, association, day)
            seen[association] = run.state
    finally:
        run.close()


def _whole(run: AssociationRun, association: str, day: dt.date | None) -> Night:
    for source in SOURCES:
        run.take(source)
    run.build()
    outcome = run.publish()
    return Night(association, day, outcome.snapshot_id, tuple(s.family for s in outcome.slices if not s.published))


@dg.op(name="nights", config_schema=_CONFIG, required_resource_keys={STEPS}, pool=POOL)
def _look_back(context: dg.OpExecutionContext) -> None:
    """Every night of the range."""
    steps: Steps = context.resources.steps
    days = _days(context.op_config)
    done: list[Night] = []

    def tell(night: Night) -> None:
        done.append(night)
        context.log.info("%s as of %s: snapshot %s", night.association, night.as_of or "today", night.snapshot_id)

    guarded(steps.way.home, "look_back", lambda: _held(steps, days, tell))
    if done:
        context.add_output_metadata({"nätter": dg.MetadataValue.table([_record(n) for n in done])})


def _held(steps: Steps, days: list[dt.date], tell: Callable[[Night], None]) -> None:
    from finsam_pipeline.pipeline.holding import Hold  # noqa: PLC0415 - the way is loaded when first used
    from finsam_pipeline.store.workspace import Workspace  # noqa: PLC0415

    with Hold(Workspace(steps.way.home)):
        look_back(steps.way, days, tell)


def _days(config: dict[str, str]) -> list[dt.date]:
    try:
        days = nights(dt.date.fromisoformat(config["first"]), dt.date.fromisoformat(config["last"]))
    except ValueError:
        days = []
    if not 0 < len(days) <= _MOST_NIGHTS:
        wanted = (
            f"first och last ska vara dagar (ÅÅÅÅ-MM-DD), den första inte efter den sista och högst {_MOST_NIGHTS} dagar isär."
        )
        raise dg.Failure(description=wanted, allow_retries=False)
    return days


def _record(night: Night) -> dg.TableRecord:
    shown = {"förbund": night.association, "till och med": night.as_of.isoformat() if night.as_of else "i dag"}
    return dg.TableRecord(shown | {"ögonblicksbild": night.snapshot_id, "hålls tillbaka": ", ".join(night.held)})


@dg.job(name=LOOK_BACK, description="Gör om varje natt i ett intervall som den såg ut då, och till sist dagens läge igen.")
def look_back_job() -> None:
    """One op."""
    _look_back()
