"""One association, opened for a run: its configuration, deliveries, decisions and what the steps so far have said.

Belongs here: what every step needs. Does not: the steps (`run`, `building`, `publishing`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import Family, Severity
from finsam_pipeline.machine import require_memory
from finsam_pipeline.pipeline.holding import Hold
from finsam_pipeline.pipeline.intake import is_source, take_in_new
from finsam_pipeline.pipeline.outcomes import BuildOutcome, DeliveryOutcome, SourceOutcome
from finsam_pipeline.pipeline.stewards import Standing, standing_decisions, take_in_workbooks
from finsam_pipeline.pipeline.texts import Texts, read_texts
from finsam_pipeline.pipeline.version import removed_from, run_state
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.register import load_register
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.deliveries import Delivery, read_deliveries
from finsam_pipeline.store.keys import pseudonym_key
from finsam_pipeline.store.leftovers import clear_leftovers
from finsam_pipeline.store.shelf import pinned
from finsam_pipeline.store.workspace import DECISIONS_SOURCE, TEXTS_SOURCE, Workspace

_TAKEN = "workbooks"
PINNED = "pinned"  # why a slice is held back while somebody holds `current` at an earlier snapshot


class OpenRun:
    """Everything one association's steps share. Holds the workspace's lock until `close`.

    Args:
        home: the workspace.
        association: a folder in `config/`.
        as_of: ignore deliveries and decisions after this day; None: everything known.

    Raises:
        ConfigurationErrors: with file, line and what is wrong.
        WorkspaceBusy: another run holds the workspace.
        TooLittleMemory: the run would be killed on the way.
    """

    def __init__(self, home: Path, association: str, as_of: dt.date | None = None) -> None:
        require_memory()
        self.workspace = Workspace(home).ensure()
        self.association, self.as_of = association, as_of
        self._hold = Hold(self.workspace)
        try:
            clear_leftovers(self.workspace)
            self.register = load_register(self.workspace.config / association)
            self.pseudonymiser = Pseudonymiser(pseudonym_key(self.workspace))
            self.database = Database.of(self.workspace)
            self.work = WorkFiles(self.workspace, association)
            now = dt.datetime.now().astimezone()
            take_in_new(self.workspace, self.database, [association], now)
            self._landed = frozenset(f.path for f in self.workspace.scan_landing([association]))
            with self.database.reading() as connection:
                self.deliveries = read_deliveries(connection, association, as_of)
            self._workbooks = self._take_in_workbooks(now)
            self.decisions: Standing = standing_decisions(self.workspace, self.database, association, as_of, self.newest_day)
        except BaseException:
            self._hold.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the workspace go."""
        self._hold.release()

    @property
    def newest_day(self) -> dt.date | None:
        """The newest day of delivery within as-of: by it decisions expire."""
        return max((d.delivered_on for d in self.deliveries if d.source in SOURCES), default=None)

    @property
    def figures_day(self) -> dt.date | None:
        """The same among what a snapshot's id knows of, once every source is taken in: where every figure's clock stands.

        A copy of what counts already tells nothing new, nor does a rejected file that was taken away.
        """
        told = (d for s in self.sources() if s.source in SOURCES for d in s.deliveries if d.status != "duplicate")
        return max((d.delivered_on for d in told), default=None)

    @property
    def state(self) -> str:
        """A hash over all that this run depends on."""
        return run_state(self.workspace, self.register, self.deliveries, self.decisions.fingerprint)

    @property
    def removed(self) -> str:
        """A hash over what was taken from the originals since they were delivered."""
        return removed_from(self.workspace, self.deliveries)

    def of(self, source: str) -> list[Delivery]:
        """The deliveries of one landing folder within as-of."""
        return [d for d in self.deliveries if d.source == source]

    def sources(self) -> tuple[SourceOutcome, ...]:
        """The outcomes of the sources taken in so far, in the contract's order; unknown landing folders as rejected.

        A rejected file that was taken away from landing, or saved anew, is settled and is not spoken of again; it never gave a row.
        """
        taken = [self.work.read_outcome(f"source/{name}", SourceOutcome) for name in SOURCES]
        every = (*(t for t in taken if t is not None), *self._decided(), *self._written(), *self._strangers())
        return tuple(replace(s, deliveries=tuple(d for d in s.deliveries if not self._settled(d))) for s in every)

    def _settled(self, d: DeliveryOutcome) -> bool:
        return d.status == "rejected" and not (d.path in self._landed and self._newest_at.get(d.path) == d.sha256)

    @cached_property
    def _newest_at(self) -> dict[str, str]:
        """Path → what was last handed over there."""
        return {d.path: d.sha256 for d in self.deliveries}  # in the order noted

    def families_blocked(self) -> dict[str, list[str]]:
        """Family → the blocking rules and failed model tests that hold it back; empty lists when it may be published."""
        build = self.work.read_outcome("build", BuildOutcome)
        blocked: dict[str, list[str]] = {f.value: [] for f in Family}
        found = [c for s in self.sources() for c in s.checks] + list(build.checks if build else ())
        for check in found:
            if (check.open_rows and check.severity == Severity.BLOCKING) or (
                check.errored and check.severity != Severity.WARNING
            ):
                blocked[SOURCES[check.source].family.value].append(check.rule)
        for model in build.models if build else ():
            if any(test.blocks for test in model.tests):
                for family in [model.family] if model.family in blocked else blocked:
                    blocked[family].append(f"model:{model.model}")
        if pinned(self.workspace) is not None:
            for reasons in blocked.values():
                reasons.append(PINNED)
        return {f: sorted(set(reasons)) for f, reasons in blocked.items()}

    def _take_in_workbooks(self, now: dt.datetime) -> dict[int, str]:
        taken = set(self.work.read_json(_TAKEN).get("ids", []))
        said = take_in_workbooks(self.workspace, self.database, self.of(DECISIONS_SOURCE), taken, now)
        fresh = {number for number, refusal in said.items() if not refusal}
        if fresh - taken:
            self.work.write_json(_TAKEN, {"ids": sorted(taken | fresh)})
        return said

    def _decided(self) -> Sequence[SourceOutcome]:
        """Stewards' workbooks: taken in, or refused for as long as they lie in landing."""
        own = self.of(DECISIONS_SOURCE)
        return [SourceOutcome(DECISIONS_SOURCE, tuple(_workbook(d, self._workbooks[d.id]) for d in own), ())] if own else []

    @cached_property
    def texts(self) -> Texts:
        """The texts for the report, and what became of each file."""
        return read_texts(self.workspace, self.register, self.of(TEXTS_SOURCE))

    def _written(self) -> Sequence[SourceOutcome]:
        return [SourceOutcome(TEXTS_SOURCE, self.texts.deliveries, ())] if self.texts.deliveries else []

    def _strangers(self) -> Sequence[SourceOutcome]:
        """Files in folders that are no source: rejected, said out loud, kept."""
        names = sorted({d.source for d in self.deliveries if not is_source(d.source)})
        return [SourceOutcome(name, tuple(_stranger(d) for d in self.of(name)), ()) for name in names]


def _workbook(d: Delivery, refusal: str) -> DeliveryOutcome:
    base = (d.association, d.source, d.path, d.sha256, d.delivered_on)
    if refusal:
        return DeliveryOutcome(*base, "rejected", reason="decisions_refused", message=refusal)
    return DeliveryOutcome(*base, "accepted")


def _stranger(d: Delivery) -> DeliveryOutcome:
    return DeliveryOutcome(
        d.association, d.source, d.path, d.sha256, d.delivered_on, "rejected",
        reason="unknown_source",
        message=f"Mappen {d.source or '(ingen)'} är ingen källa. Lägg filen i en av mapparna {', '.join(SOURCES)}.",
    )  # fmt: skip
