"""The typesetter's memory: a process that makes many reports ends at that of one."""

from __future__ import annotations

import ctypes
import json
import sys

import pytest

from finsam_pipeline.report.typesetting import forget, pdf

_SOURCE = b"""#set document(title: "t")
#set text(lang: "sv")
#for name in json(bytes(sys.inputs.data)) [#table(columns: 6, ..range(0, 300).map(n => [#name #n]))]"""


class _Used(ctypes.Structure):
    """glibc's `struct mallinfo2`."""

    _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "o", "s", "h", "mapped", "us", "fs", "used", "free", "keep")]


@pytest.fixture
def library() -> ctypes.CDLL:
    if not sys.platform.startswith("linux") or not hasattr(ctypes.CDLL(None), "mallinfo2"):
        pytest.skip("only glibc says what is in use")
    found = ctypes.CDLL(None)
    found.mallinfo2.restype = _Used
    return found


def grown_by_documents(library: ctypes.CDLL, first: int, *, forgetting: bool) -> list[int]:
    """Bytes in use after each of five documents that have nothing in common."""
    found = []
    for n in range(first, first + 5):
        if forgetting:
            forget()
        pdf(_SOURCE, json.dumps([f"{n}.{m}" for m in range(4)]), 1)
        used = library.mallinfo2()
        found.append(used.used + used.mapped)
    return [after - found[0] for after in found[1:]]


def test_what_earlier_documents_took_is_let_go_of_before_the_next(library: ctypes.CDLL):
    forget()  # whatever other tests have set
    kept = grown_by_documents(library, 0, forgetting=False)
    let_go = grown_by_documents(library, 5, forgetting=True)
    one = kept[0]
    assert one > 2 << 20
    assert kept[3] > 3 * one
    assert let_go[3] < one
