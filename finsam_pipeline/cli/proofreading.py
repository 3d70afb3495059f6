"""`finsam proofread`: what in a written report does not hold, in Swedish for the office, JSON for machines.

Belongs here: words and the exit status. Does not: any check.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from finsam_pipeline.cli.answers import guarded, usage
from finsam_pipeline.cli.say import Voice
from finsam_pipeline.pipeline.at_hand import NotExplained
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.privacy import mask
from finsam_pipeline.proofread import Document, Finding, Proof, Unreadable, proofread, read_report


def proofread_file(file: Path, home: Path, association: str | None, period: str | None, voice: Voice) -> ExitStatus:
    """Read a report, check its arithmetic, with an association and a period against the published figures too."""
    if (association is None) != (period is None):
        return usage(voice, "Ange både --association och --period, eller ingen av dem.")

    def work() -> ExitStatus:
        document = read_report(file)
        proof = proofread(document, _against(document, home, association, period))
        _tell(proof, file, voice)
        voice.result(to_json(proof, file))
        return ExitStatus.FINDINGS if proof.findings else ExitStatus.CLEAN

    try:
        return guarded(voice, work)
    except (Unreadable, NotExplained) as refused:
        return usage(voice, refused.message_sv)


def _against(document: Document, home: Path, association: str | None, period: str | None) -> Sequence[Finding]:
    if association is None or period is None:
        return ()
    from finsam_pipeline.pipeline.proofing import against_marts  # noqa: PLC0415 - the marts are read only when asked for

    return against_marts(document, home, association, period)


def _tell(proof: Proof, file: Path, voice: Voice) -> None:
    voice.line(
        f"{mask(file.name)}: {_counted(proof.tables, 'tabell', 'tabeller')} och {_counted(proof.figures, 'tal', 'tal')} lästa."
    )
    if not proof.tables and not proof.figures:
        voice.line("Inga tal hittades att kontrollera.")
    _list("Stämmer inte", proof.errors, voice)
    _list("Skillnader som avrundning förklarar", proof.rounding, voice)
    if proof.explained:
        counted = _counted(len(proof.explained), "skillnad", "skillnader")
        voice.line(f"{counted} förklarar rapporten själv (avrundning, tecken, vad som räknas) och listas inte.")
    if not proof.findings:
        voice.line("Inget som inte stämmer.")


def _list(title: str, findings: Sequence[Finding], voice: Voice) -> None:
    if not findings:
        return
    rows = [
        [
            str(n),
            f"{f.kind}\n{f.sureness}",
            f"{f.printed.text}\n{f.printed.place}",
            f"{f.other.text}\n{f.other.place}",
            f.gap,
            f"ja, {f.roundings} tal" if f.rounding else "nej",
            f.advice,
        ]
        for n, f in enumerate(findings, 1)
    ]
    voice.table(
        f"{title} ({len(findings)})",
        ["#", "vad, hur säkert", "står", "borde vara, eller står också", "# skillnad", "avrundning", "förslag"],
        rows,
    )
    voice.line()


def to_json(proof: Proof, file: Path) -> dict[str, Any]:
    """The object `finsam proofread --json` prints."""
    return {
        "file": mask(file.name),
        "tables": proof.tables,
        "figures": proof.figures,
        "errors": len(proof.errors),
        "roundings": len(proof.rounding),
        "explained": len(proof.explained),
        "findings": [_finding(f) for f in proof.findings],
        "explained_findings": [_finding(f) for f in proof.explained],
    }


def _finding(f: Finding) -> dict[str, Any]:
    return {
        "kind": f.kind.name.lower(),
        "what": str(f.kind),
        "sureness": f.sureness.name.lower(),
        "printed": {"figure": f.printed.text, "place": f.printed.place},
        "other": {"figure": f.other.text, "place": f.other.place},
        "difference": f.gap,
        "rounding": f.rounding,
        "roundings": f.roundings,
        "advice": f.advice,
    }


def _counted(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
