"""Where tests find the shared samples, and workspaces that are run once a session."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from finsam_pipeline_tests import prepared
from finsam_pipeline_tests.command import finsam
from finsam_pipeline_tests.workspaces import Office

TESTS = Path(__file__).resolve().parent
REPOSITORY = TESTS.parent
SHARED = Path(os.environ.get("FINSAM_SHARED", REPOSITORY.parent / "shared"))


_LONGEST_FIRST = ("acceptance", "trials", "functional", "generative", "spec", "unit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Kinds of tests in the order of how long their files take: of two workers, none may be left alone with a long one at the end."""
    kinds = {kind: place for place, kind in enumerate(_LONGEST_FIRST)}
    items.sort(key=lambda item: kinds.get(item.path.relative_to(TESTS).parts[0], len(kinds)))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared samples; the test skips where they are absent."""
    if not (SHARED / "landing").is_dir():
        pytest.skip("the shared samples do not stand beside the repository")
    return SHARED


def _written_is_enough(_file: int) -> None:
    """In the place of `os.fsync`."""


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """What this process writes need not survive a loss of power; the trials' runs, which must, are processes of their own."""
    with mock.patch("os.fsync", new=_written_is_enough):
        yield


@pytest.fixture(scope="session", autouse=True)
def _imported_for_good() -> Iterator[None]:
    """What all tests together import is half a million objects: a twelfth of a run was spent looking for garbage among them."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()  # else libraries say at the end that something leaked


@pytest.fixture
def marts_alone() -> Iterator[None]:
    """The test looks at figures and findings: its runs make no draft, workbook or DuckDB file."""
    with prepared.marts_alone():
        yield


@pytest.fixture
def states_alone() -> Iterator[None]:
    """The test looks at what is kept, what waits and what is told, its figures are those of other tests: nor are models tested."""
    with prepared.marts_alone(tested=False):
        yield


@pytest.fixture
def drafts_alone() -> Iterator[None]:
    """The test looks at drafts, but not at the rows they name: its runs make no workbook or DuckDB file, nor are models tested."""
    with prepared.marts_alone(drafts=True, tested=False):
        yield


def copy_workspace(source: Path, home: Path) -> Path:
    """A writable copy of `config/` and `landing/`; the samples themselves may be read-only."""
    shutil.copytree(source, home, copy_function=shutil.copyfile)
    for path in (home, *home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return home


@pytest.fixture(scope="session")
def run_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A made-up association, its good files handed over and run; not to be changed."""
    return Office(prepared.prepared(tmp_path_factory, "office", _run))


def _run(home: Path) -> None:
    said = Office.start(home).hand_over().run()
    assert said.status == 0, said.out + said.err


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own example, made and run with the command a user gives; not to be changed."""
    return prepared.prepared(tmp_path_factory, "demo", _demo)


def _demo(home: Path) -> None:
    said = finsam("demo", "--home", home, "--json")
    assert said.status == 0, said.err


@pytest.fixture(scope="session")
def made_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which Dagster's stores are made and hold nothing: Dagster takes longer over that than over a run."""
    return prepared.prepared(tmp_path_factory, "instance", _instance)


def _instance(home: Path) -> None:
    from finsam_pipeline.defs.instance import open_instance  # noqa: PLC0415 - most tests do without Dagster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")  # put back afterwards; opening an instance sets it
        patch.delenv("FINSAM_DAGSTER_URL", raising=False)
        with open_instance(home) as instance:
            instance.get_runs()


@pytest.fixture
def dagster_made(made_instance: Path, tmp_path: Path) -> None:
    """The test's own folder is a workspace in which Dagster's stores are made."""
    prepared.copied(made_instance / "dagster", tmp_path / "dagster")


@pytest.fixture
def office(run_office: Office, tmp_path: Path) -> Office:
    """The same workspace, a test's own."""
    return run_office.copy_to(tmp_path / "home")
