"""The next piece made in a second thread while one is used: most of the work is Arrow's, which lets other threads run.

Belongs here: that one pattern. Does not: what is made.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

T = TypeVar("T")
Made = TypeVar("Made")


def made_ahead(items: Iterable[T], make: Callable[[T], Made]) -> Iterator[tuple[T, Made]]:
    """Each item with what is made of it, in order; no more than one is made ahead. Errors of `make` are met at their item."""
    with ThreadPoolExecutor(1) as second:
        before: tuple[T, Future[Made]] | None = None
        for item in items:
            now = item, second.submit(make, item)
            if before is not None:
                yield before[0], before[1].result()
            before = now
        if before is not None:
            yield before[0], before[1].result()
