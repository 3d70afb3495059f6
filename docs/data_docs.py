"""Great Expectations' own pages on what stands in a workspace, into docs/build/data_docs/<association>/ (not committed).

    python docs/data_docs.py --home DIR

Judges the standing rows again, reading only: a run does not pay for pages nobody may look at. No value of a row is in them.
Made from what the last run saw; the workspace is not changed. The library's pages ask seven hosts for their looks and their front page is
drawn by what comes back; here they ask nobody, and a plain list is the front page.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import sys
from pathlib import Path

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.pipeline import associations
from finsam_pipeline.pipeline.at_hand import NotExplained, open_at_hand, standing_snapshot
from finsam_pipeline.pipeline.judging import judge_source
from finsam_pipeline.pipeline.loading import load
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.store.keys import pseudonym_key
from finsam_pipeline.validation import documented

# What makes a browser ask another host: elements with such an address, and the frames and pictures of the library's own advertising.
_ASKING = re.compile(
    r"""<script\b[^>]*\bsrc\s*=\s*["']?(?:https?:)?//.*?</script>|<(?:link|img|iframe)\b[^>]*(?:https?:)?//[^>]*>""",
    re.DOTALL | re.IGNORECASE,
)
_FRONT = """<!doctype html>
<html lang="sv"><meta charset="utf-8"><title>{title}</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }}</style>
<h1>{title}</h1>
<p>Great Expectations egna sidor om de rader som gäller nu: antal och radnummer i prövningen, inga värden.</p>
<h2>Senaste prövning</h2><ul>{validations}</ul>
<h2>Vad som prövas</h2><ul>{expectations}</ul>
</html>
"""
_PARTS = ("validations", "expectations")
BUILD = Path(__file__).parent / "build" / "data_docs"


def main() -> int:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--into", type=Path, default=BUILD)
    options = parser.parse_args()
    try:
        for association in associations(options.home):
            sys.stdout.write(f"{pages(options.home, association, options.into / association)}\n")
    except NotExplained as refused:
        sys.stderr.write(f"{refused.message_sv}\n")
        return 2
    return 0


def pages(home: Path, association: str, folder: Path) -> Path:
    """Make the pages of one association anew; its front page."""
    at_hand = open_at_hand(home, association, standing_snapshot(home), None)
    pseudonymiser = Pseudonymiser(pseudonym_key(at_hand.workspace))
    names = {i.id: i.name for i in at_hand.register.interventions}
    if folder.exists() and not all((folder / name).is_dir() for name in _PARTS):
        raise FileExistsError(f"{folder} holds something else than pages made here")
    shutil.rmtree(folder, ignore_errors=True)
    with documented(folder):
        for source, contract in SOURCES.items():
            noted = [d for d in at_hand.deliveries if d.source == source]
            decisions = at_hand.decisions
            loading = load(at_hand.workspace, contract, at_hand.register, noted, pseudonymiser, decisions.corrections(source))
            judge_source(loading, contract, decisions.waivers(source), pseudonymiser, names)
    for page in folder.rglob("*.html"):
        page.write_text(_ASKING.sub("", page.read_text("utf-8")), "utf-8")
    return front_page(folder, association)


def front_page(folder: Path, association: str) -> Path:
    """A list of the pages, in the place of one that is empty without the network."""
    lists = {
        name: "".join(_item(page, folder / name, folder) for page in sorted((folder / name).rglob("*.html"))) for name in _PARTS
    }
    page = folder / "index.html"
    page.write_text(_FRONT.format(title=html.escape(f"Prövningar: {association}"), **lists), "utf-8")
    return page


def _item(page: Path, part: Path, folder: Path) -> str:
    """`validations/huvudbok/controls/__none__/<time>/…` and `expectations/huvudbok/controls.html` are called huvudbok/controls."""
    name = page.relative_to(part).with_suffix("").as_posix().partition("/__none__/")[0]
    return f'<li><a href="{html.escape(page.relative_to(folder).as_posix())}">{html.escape(name)}</a></li>'


if __name__ == "__main__":
    raise SystemExit(main())
