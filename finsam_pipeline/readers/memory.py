"""Which of Arrow's allocators this process uses.

Belongs here: that choice. Does not: how much a file may cost (limits).
"""

from __future__ import annotations

import os

import pyarrow as pa


def give_back_what_is_freed() -> None:
    """Let Arrow allocate by jemalloc where it is built in and nobody chose another one (ARROW_DEFAULT_MEMORY_POOL).

    A large file makes many tables that live for a step each. jemalloc gives their memory back to the system at once; Arrow's usual
    allocator keeps it, which made the peak of a million rows a quarter higher (docs/adr/0014).
    """
    if "jemalloc" in pa.supported_memory_backends() and os.environ.get("ARROW_DEFAULT_MEMORY_POOL", "") in ("", "jemalloc"):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(0)
