"""What code made a snapshot: the release and a hash of the sources, so that a changed rule re-judges what it held."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from finsam_pipeline.register.model import Register
from finsam_pipeline.store.archive import removals
from finsam_pipeline.store.deliveries import Delivery
from finsam_pipeline.store.shelf import pinned
from finsam_pipeline.store.workspace import Workspace

_SUFFIXES = {".py", ".sql", ".yml", ".json", ".html", ".j2", ".css", ".typ", ".csv", ".yaml"}


@functools.cache
def code_version() -> str:
    """`0.1.0+<12 hex>`: the release and the SHA-256 over every source file of the package and its models."""
    from finsam_pipeline.models import project_folder  # noqa: PLC0415 - keeps the import of this module light

    sources = source_hash(Path(__file__).resolve().parents[1], project_folder())
    return f"{version('finsam-pipeline')}+{sources[:12]}"


def source_hash(package: Path, models: Path) -> str:
    """SHA-256 over every source file, the same whether the models lie beside the package (a clone) or in it (installed)."""
    digest = hashlib.sha256()
    for root, apart in ((package, models), (models, None)):
        for file in sorted(p for p in root.rglob("*") if p.suffix in _SUFFIXES and "__pycache__" not in p.parts):
            if apart not in file.parents:
                digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def fingerprint(*parts: str) -> str:
    """SHA-256 over the parts, in order."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def run_state(workspace: Workspace, register: Register, deliveries: Sequence[Delivery], decisions: str) -> str:
    """A hash over all that an association's run depends on: when it is what the last run saw, there is nothing to do.

    `decisions`: the fingerprint of those in force.
    """
    known = sorted(f"{d.source}|{d.path}|{d.sha256}|{d.delivered_on}|{d.id}" for d in deliveries)
    held = pinned(workspace)
    orders = (removed_from(workspace, deliveries), held.snapshot_id if held else "")
    return fingerprint(register.fingerprint, code_version(), *known, decisions, *orders)


def removed_from(workspace: Workspace, deliveries: Iterable[Delivery]) -> str:
    """A hash over what retention and erasures have taken from the originals of these deliveries; empty when nothing."""
    gone = removals(workspace)
    said = {f"{r.sha256} {r.how} {r.redacted}" for d in deliveries if (r := gone.get(d.sha256))}
    return fingerprint(*sorted(said)) if said else ""
