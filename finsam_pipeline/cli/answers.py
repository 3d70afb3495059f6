"""What every command answers when it cannot do its work: a sentence, an object for machines, an exit status.

Belongs here: faults that any command may meet. Does not: what one command says of its own work.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

from finsam_pipeline.cli.say import Voice
from finsam_pipeline.hints import command
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.privacy import mask
from finsam_pipeline.register import ConfigurationError, ConfigurationErrors
from finsam_pipeline.store.errors import WorkspaceFault, keep_error
from finsam_pipeline.store.lock import WorkspaceBusy
from finsam_pipeline.store.workspace import Workspace

NO_ASSOCIATION = "Det finns inget förbund i {config}. Skapa ett med: {init}"
_NO_FOLDER = "det finns ingen sådan mapp, och den går inte att skapa"
_WHY_NOT_WRITTEN = {
    errno.EACCES: "ni får inte skriva där",
    errno.EPERM: "ni får inte skriva där",
    errno.EROFS: "disken är skrivskyddad",
    errno.ENOSPC: "disken är full",
    errno.EISDIR: "det är en mapp",
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
    errno.ENOENT: _NO_FOLDER,
}


def guarded(voice: Voice, work: Callable[[], ExitStatus]) -> ExitStatus:
    """Run a command's work; configuration errors and a busy workspace become their exit status and a sentence."""
    try:
        return work()
    except (ConfigurationErrors, ConfigurationError) as error:
        voice.problem(str(error))
        voice.result({"error": "configuration", "message": str(error), "exit_status": int(ExitStatus.USAGE)})
        return ExitStatus.USAGE
    except WorkspaceBusy:
        voice.problem("En annan körning håller arbetsytan. Försök igen när den är klar.")
        voice.result({"error": "busy", "exit_status": int(ExitStatus.BUSY)})
        return ExitStatus.BUSY
    except WorkspaceFault as fault:
        voice.problem(f"Arbetsytan behöver lagas: {fault}")
        voice.result({"error": "workspace", "message": str(fault), "exit_status": int(ExitStatus.FAILED)})
        return ExitStatus.FAILED


def usage(voice: Voice, message: str) -> ExitStatus:
    """Wrong usage: say what is wrong and what would be right. What was typed may be a file named after a person."""
    message = mask(message)
    voice.problem(message)
    voice.result({"error": "usage", "message": message, "exit_status": int(ExitStatus.USAGE)})
    return ExitStatus.USAGE


def why_not_written(error: OSError) -> str:
    """The reason in words."""
    return _WHY_NOT_WRITTEN.get(error.errno or 0, "felet är okänt")


def no_association(home: Path) -> str:
    """How to begin, where nothing is configured."""
    return NO_ASSOCIATION.format(config=home / "config", init=command(home, "init", "FÖRBUND"))


def unexpected(error: Exception, voice: Voice) -> int:
    """Keep the whole error in the vault and say its id; its text may hold values."""
    home = Path(os.environ.get("FINSAM_HOME", "finsam-home"))
    for flag, value in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
        name, _, own = flag.partition("=")
        if name == "--home":
            home = Path(own or value)
    step = sys.argv[1] if len(sys.argv) > 1 else "finsam"
    try:
        identity = keep_error(Workspace(home).ensure(), error, step)
    except OSError as refused:  # a full disk must not turn into a traceback that shows what was to be hidden
        identity = ""
        told = f"Ett oväntat fel i {step}. Felet gick inte att spara i {home / 'vault' / 'errors'}: {why_not_written(refused)}."
    else:
        told = f"Ett oväntat fel i {step}. Felet ligger i {home / 'vault' / 'errors' / identity}"
    voice.problem(told)
    voice.result({"error": "unexpected", "message": told, "error_id": identity, "exit_status": int(ExitStatus.FAILED)})
    return int(ExitStatus.FAILED)
