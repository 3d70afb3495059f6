"""Pictures of the UI and the report on an example workspace, into docs/build/screenshots/ (not committed).

The few that the guides show are kept small in docs/pictures/ (committed).

    python docs/screenshots.py [--home DIR]

Without --home an example workspace is made in a temporary folder. Needs chromium (CHROMIUM names another place than /usr/bin/chromium).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from ui_pages import chromium, opened, running_ui

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BUILD = Path(__file__).parent / "build" / "screenshots"
PICTURES = Path(__file__).parent / "pictures"
_SHOWN = ("report-top", "asset-graph", "source-checks")  # none that shows where the workspace lies
_SHOWN_WIDTH, _COLOURS = 1200, 64
DESKTOP = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}
# Rows that no report line takes, so that a check has places to show.
_FAULTY = "Version;Beslutad;Period;Rad;Belopp\nfel;2024-11-20;2025;okand;100,00\nfel;2024-11-20;2025;okand;saknas\n"
_PATIENCE = 60_000  # ms


def main() -> int:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--home", type=Path)
    home: Path | None = parser.parse_args().home
    executable = chromium()
    if executable is None:
        sys.stderr.write("no chromium: install it (apt-get install chromium) or let CHROMIUM name it\n")
        return 2
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="finsam-pictures-") as scratch, opened(executable) as browser:
        given, home = home, home or _example(Path(scratch) / "home")
        _report(browser, home)
        if given is None:
            _find_fault(home)
        with running_ui(home.resolve()) as address:
            _ui(browser, address)
    return 0


def _example(home: Path) -> Path:
    finsam = Path(sys.executable).with_name("finsam")
    subprocess.run([finsam, "demo", "--home", home, "--json"], check=True, stdout=subprocess.DEVNULL)
    return home


def _find_fault(home: Path) -> None:
    """One more file on the day of the last delivery, with rows that go to quarantine."""
    folder = max(path.parent for path in home.glob("landing/*/budget/**/*.csv"))
    (folder / "felaktig.csv").write_text(_FAULTY, "utf-8")
    finsam = Path(sys.executable).with_name("finsam")
    subprocess.run([finsam, "run", "--home", home, "--json"], check=False, stdout=subprocess.DEVNULL)  # ends with 3: open rows


def _report(browser: Browser, home: Path) -> None:
    page_file = max(home.glob("reports/*/*/draft/halvarsrapport.html"))
    for name, size in (("report-desktop", DESKTOP), ("report-390", PHONE)):
        page = browser.new_page(viewport=size)
        page.goto(page_file.resolve().as_uri())
        if size is DESKTOP:
            _picture(page, "report-top")
        _picture(page, name, whole=True)
        page.close()


def _ui(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.set_default_timeout(_PATIENCE)
    for name, path, text in (
        ("asset-graph", "/asset-groups", "1_kallor"),
        ("lineage", "/assets/source/nyckeltal?view=lineage&lineageScope=downstream", "stg_key_figures"),
        ("asset-list", "/assets", "model"),
        ("source-asset", "/assets/source/deltagaruppfoljning", "Columns"),
        ("source-checks", "/assets/source/deltagaruppfoljning?view=checks", "P001"),
        ("check-with-places", "/assets/source/budget?view=checks&checkDetail=G001_budgetrad_fel", "Evaluation result"),
        ("model-asset", "/assets/model/participant_flow", "Columns"),
        ("publish-asset", "/assets/publish/participants", "Description"),
        ("runs", "/runs", "nightly"),
    ):
        page.goto(address + path)
        page.get_by_text(text).locator("visible=true").first.wait_for()
        page.wait_for_timeout(2500)  # the page draws what it has asked for
        _picture(page, name)
    page.locator("a[href*='/runs/']").first.click()
    page.wait_for_timeout(5000)
    _picture(page, "last-run")
    page.close()


def _picture(page: Page, name: str, *, whole: bool = False) -> None:
    file = BUILD / f"{name}.png"
    page.screenshot(path=file, full_page=whole)
    sys.stdout.write(f"{file}\n")
    if name in _SHOWN:
        _keep_small(file)


def _keep_small(file: Path) -> None:
    """A copy that a page can show: narrower, few colours, a tenth of the bytes."""
    PICTURES.mkdir(exist_ok=True)
    with Image.open(file) as picture:
        height = round(picture.height * _SHOWN_WIDTH / picture.width)
        small = picture.convert("RGB").resize((_SHOWN_WIDTH, height), Image.Resampling.LANCZOS)
        small.quantize(_COLOURS, dither=Image.Dither.NONE).save(PICTURES / file.name, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
