"""A process's sign of life ends with it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from finsam_pipeline.store.alive import ended, forget, sign_of_life

_PROGRAM = """
import sys; from pathlib import Path
from finsam_pipeline.store.alive import sign_of_life
print(sign_of_life(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


def other_process(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A process that lives until it is told to end, and its sign."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def sign_of_an_ended_process(folder: Path) -> str:
    process, sign = other_process(folder)
    process.communicate()
    return sign


def test_a_process_gives_one_sign_a_folder_and_lives(tmp_path: Path):
    sign = sign_of_life(tmp_path / "a")
    assert sign_of_life(tmp_path / "a") == sign
    assert sign_of_life(tmp_path / "b") != sign
    assert [p.name for p in (tmp_path / "a").iterdir()] == [sign]
    assert ended(tmp_path / "a") == ended(tmp_path / "absent") == set()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_process_is_seen_at_once(tmp_path: Path, how: signal.Signals):
    process, sign = other_process(tmp_path)
    own = sign_of_life(tmp_path)
    assert ended(tmp_path) == set()
    process.send_signal(how)
    process.communicate()
    assert ended(tmp_path) == {sign}
    forget(tmp_path, {sign, "never there"})
    assert [p.name for p in tmp_path.iterdir()] == [own]


def test_of_two_who_give_their_sign_under_one_number_each_is_told_apart(tmp_path: Path):
    """Two containers count their processes each from 1 and may have one name: the sign is the file, not what it is called."""
    first, second = other_process(tmp_path), other_process(tmp_path)
    assert first[1] != second[1]
    first[0].communicate()
    assert ended(tmp_path) == {first[1]}
    second[0].communicate()


def test_a_forked_process_gives_a_sign_of_its_own(tmp_path: Path):
    program = """
import os, sys; from pathlib import Path
from finsam_pipeline.store.alive import ended, sign_of_life
folder = Path(sys.argv[1])
own, child = sign_of_life(folder), os.fork()
if not child:
    os._exit(sign_of_life(folder) == own)
assert os.waitpid(child, 0)[1] == 0
assert len(ended(folder)) == 1 and own not in ended(folder)
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)


def test_a_zombie_is_dead(tmp_path: Path):
    process, sign = other_process(tmp_path)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended and is not yet taken leave of
    assert ended(tmp_path) == {sign}
    process.communicate()


def test_a_file_that_never_got_its_name_says_nothing(tmp_path: Path):
    (tmp_path / ".new-host.1.x").touch()
    assert ended(tmp_path) == set()
