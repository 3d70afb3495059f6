"""Keyed pseudonyms: the only form in which a participant's id leaves a landing file.

Belongs here: how an id or a row becomes a keyed hash. Does not: where the key is kept (store), which rows are hashed. A
plain SHA-256 of a personnummer is inverted in seconds by trying them all; hence HMAC with a key that stays in the vault.
"""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import pandas as pd
import pyarrow as pa

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.privacy.personnummer import mask, ten_digits

_SHORTEST_KEY = 16
_SHOWN = 20  # hex digits: 80 bits, no collision among the participants of a country
_TAG = 8  # hex digits of a tag: few enough that none can be taken for a personnummer itself
_SEPARATOR = "\x1f"


class Pseudonymiser:
    """Makes pseudonyms, row hashes and tags of masked names with one key.

    Args:
        key: the workspace's secret, at least 16 bytes.

    Raises:
        ValueError: the key is shorter.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < _SHORTEST_KEY:
            raise ValueError("a pseudonym key needs at least 16 bytes")
        self._key = key

    def __repr__(self) -> str:
        return "Pseudonymiser(key=…)"

    def participant(self, association: str, scope: str, value: str) -> str:
        """The pseudonym (20 hex digits) of one id within one association and scope (a source).

        A personnummer gives the same pseudonym in every notation; other ids are compared without regard to case and blanks.
        """
        return self._digest("participant", association, scope, ten_digits(value) or fold(value))

    def participants(self, association: str, scope: str, values: pd.Series) -> pd.Series:
        """`participant` over a series of nullable text; null stays null. Each unique value is hashed once."""
        made = {value: self.participant(association, scope, value) for value in values.dropna().unique()}
        return values.map(made).astype("str")

    def content(self, association: str, source: str, cells: str) -> str:
        """The hash (20 hex digits) of one row's cells, joined by the caller: what a steward's decision belongs to."""
        return str(self.contents(association, source, pa.array([cells])).iloc[0])

    def contents(self, association: str, source: str, cells: pa.Array) -> pd.Series:
        """`content` over many rows.

        Args:
            association: whose rows.
            source: of which source.
            cells: a string array, one joined row an element.

        Returns:
            A `str` series 0..n-1.
        """
        # A ledger has a million rows: one call a row, with a key of its own for each association and source.
        key = hmac.digest(self._key, _SEPARATOR.join(("content", association, source)).encode(), "sha256")
        keyed = hashlib.blake2b(key=key, digest_size=_SHOWN // 2).copy
        texts, digests = cells.cast(pa.large_binary()).to_pylist(), bytearray()
        for text in texts:
            row = keyed()
            row.update(text)
            digests += row.digest()
        places = np.arange(len(texts) + 1, dtype=np.int64) * _SHOWN
        made = pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(places), pa.py_buffer(digests.hex().encode()))
        return pd.Series(pd.array(made, dtype="str"))

    def name(self, text: str) -> str:
        """A file's, folder's or sheet's name as it is shown: each personnummer as `[personnummer-<tag>]`, so that two names stay two."""
        return mask(text, self.tag)

    def tag(self, number: str) -> str:
        """What tells one masked number, as written, from another: the same in every run of a workspace, nothing without its key."""
        return self._digest("name", number)[:_TAG]

    def _digest(self, *parts: str) -> str:
        return hmac.digest(self._key, _SEPARATOR.join(parts).encode(), "sha256").hex()[:_SHOWN]
