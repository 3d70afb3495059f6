"""Which row of which delivery a steward's correction is for.

A decision names a row by its content and its number among the rows of that content that count (`review.items.occurrences`), over
all files of a source, as they were delivered: a correction may change which rows count, but never what another one is called.
Belongs here: from such numbers to places within files. Does not: putting cells in place (shaping), who decided what (review).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from finsam_pipeline.review.items import occurrences

if TYPE_CHECKING:
    import pandas as pd

    from finsam_pipeline.shaping import Corrections


def numbered(rows: pd.DataFrame, gone: pd.Series) -> pd.Series:
    """Each row's number, from 1, among the rows of its content: first those that count, then those a newer delivery replaced."""
    named = rows[["association", "source", "content"]]
    if not gone.any():
        return occurrences(named)
    return occurrences(named.loc[gone.sort_values(kind="stable").index]).reindex(rows.index)


def by_delivery(rows: pd.DataFrame, numbers: pd.Series, corrections: Corrections) -> dict[int, Corrections]:
    """What each delivery is typed with: its number → (content, which row of that content in the file) → cells.

    Args:
        rows: the rows of all deliveries as delivered, with `delivery` and `content`, each file's in its order.
        numbers: `numbered` of them.
        corrections: cells by (content, number).
    """
    out: dict[int, dict[tuple[str, int], dict[str, str]]] = {}
    if not corrections or rows.empty:
        return {}
    own = rows.loc[rows["content"].isin({content for content, _ in corrections}), ["delivery", "content"]]
    in_file = own.groupby(["delivery", "content"], sort=False).cumcount() + 1
    for delivery, content, place, number in zip(own["delivery"], own["content"], in_file, numbers[own.index], strict=True):
        if cells := corrections.get((content, int(number))):
            out.setdefault(int(delivery), {})[content, int(place)] = dict(cells)
    return dict(out)


def carried(before: pd.DataFrame, numbers: pd.Series, after: pd.DataFrame) -> pd.Series:
    """The numbers of the rows as delivered, for the same rows after correction.

    A delivery that counts only now comes last.
    """
    known = dict(zip(_places(before), numbers, strict=True))
    found = after["row_id"].copy()
    found[:] = [known.get(place, 0) for place in _places(after)]
    new = found == 0
    if bool(new.any()):
        highest = found.groupby(after["content"]).transform("max")
        found = found.where(~new, highest + after[new].groupby("content").cumcount().reindex(after.index, fill_value=0) + 1)
    return found


def _places(rows: pd.DataFrame) -> zip[tuple[int, int]]:
    """(delivery, place in it) of each row; a file's rows stand in its order."""
    return zip(rows["delivery"], rows.groupby("delivery", sort=False).cumcount(), strict=True)
