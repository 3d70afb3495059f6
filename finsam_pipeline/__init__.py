"""From a samordningsförbund's exports to published marts and the half-year report.

`open_snapshot(home)` gives a reader one snapshot of the marts, resolved once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from finsam_pipeline.store.reader import open_snapshot

__all__ = ["open_snapshot"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the module protocol's own type
    """Import the reader when it is asked for: `import finsam_pipeline` stays quick."""
    if name == "open_snapshot":
        from finsam_pipeline.store.reader import open_snapshot  # noqa: PLC0415

        return open_snapshot
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
