"""A large table cut into pieces that can be judged one after another, with the same findings.

What a rule compares must lie in one piece: the rows of a voucher, of a participant. Each rule says by `together` which columns
make such a group. Belongs here: where a table may be cut. Does not: running a suite, what a rule means.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_ROWS = 200_000  # a table of no more rows is judged as a whole


def cut(frame: pd.DataFrame, together: Sequence[str], most: int) -> Iterator[pd.DataFrame]:
    """The frame in pieces of about `most` rows, every row in one piece, in the frame's order.

    Args:
        frame: any table.
        together: columns; rows that are equal in all of them, nulls included, come in the same piece. None: cut anywhere.
        most: rows; a piece is larger only by the group it ends with.
    """
    if len(frame) <= most:
        yield frame
        return
    piece = _pieces(frame, together, most)
    if bool((piece[1:] >= piece[:-1]).all()):  # the usual export: a slice copies nothing
        bounds = [0, *(np.flatnonzero(piece[1:] != piece[:-1]) + 1).tolist(), len(frame)]
        yield from (frame.iloc[start:end] for start, end in pairwise(bounds))
        return
    for number in np.unique(piece):
        yield frame[piece == number]


def _pieces(frame: pd.DataFrame, together: Sequence[str], most: int) -> np.ndarray:
    """The number of the piece each row goes to."""
    if not together:
        return np.arange(len(frame)) // most
    group = np.zeros(len(frame), dtype=np.int64)
    for column in together:
        codes, found = pd.factorize(frame[column], use_na_sentinel=False)
        group, _ = pd.factorize(group * max(len(found), 1) + codes)
    sizes = np.bincount(group)
    begins = np.cumsum(sizes) - sizes
    return np.asarray((begins // most)[group])
