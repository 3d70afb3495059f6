"""The life of a review item, as one table.

    open ──decide──▶ decided ──▶ closed (nothing of it is left to judge)
      ▲                 │            │
      └──withdraw, expire┘            └─ comes back: open, or decided when a decision stands

A decision belongs to the row's content: a row that changes is another item, and is asked again.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where an item stands."""

    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"


class Event(StrEnum):
    """What happens to an item."""

    DECIDE = "decide"  # a steward decides
    WITHDRAW = "withdraw"  # a steward takes the decision back
    FOUND = "found"  # a run finds it and no decision in force covers it (it never did, or it has expired)
    COVERED = "covered"  # a run finds it, or had to apply its decision, and the decision is in force
    GONE = "gone"  # a run finds it no more: corrected at the source, superseded, or the rule changed


class Kind(StrEnum):
    """What a steward can decide."""

    CORRECT = "correct"  # column = value
    ACCEPT = "accept"  # waive the rule for this row, for a time or for good
    DROP = "drop"  # never count the row


class TransitionError(Exception):
    """The item is not in a state in which that can happen."""


TRANSITIONS: dict[tuple[Status, Event], Status] = {
    (Status.OPEN, Event.DECIDE): Status.DECIDED,
    (Status.OPEN, Event.FOUND): Status.OPEN,
    (Status.OPEN, Event.COVERED): Status.DECIDED,
    (Status.OPEN, Event.GONE): Status.CLOSED,
    (Status.DECIDED, Event.DECIDE): Status.DECIDED,  # a second column of the same row, or the same decision again
    (Status.OPEN, Event.WITHDRAW): Status.OPEN,  # of a decision that did not help, or has expired
    (Status.DECIDED, Event.WITHDRAW): Status.OPEN,
    (Status.DECIDED, Event.FOUND): Status.OPEN,
    (Status.DECIDED, Event.COVERED): Status.DECIDED,
    (Status.DECIDED, Event.GONE): Status.CLOSED,
    (Status.CLOSED, Event.WITHDRAW): Status.CLOSED,
    (Status.CLOSED, Event.FOUND): Status.OPEN,
    (Status.CLOSED, Event.COVERED): Status.DECIDED,
    (Status.CLOSED, Event.GONE): Status.CLOSED,
}

# What may be decided by severity: a W row counts already; a blocking finding is no row that could be corrected or dropped.
DECIDABLE: dict[str, tuple[Kind, ...]] = {
    "E": (Kind.CORRECT, Kind.ACCEPT, Kind.DROP),
    "B": (Kind.ACCEPT,),
    "W": (),
}


def after(status: str, event: Event) -> Status:
    """The state an event leads to.

    Raises:
        TransitionError: it cannot happen in that state.
    """
    try:
        return TRANSITIONS[Status(status), event]
    except KeyError:
        raise TransitionError(f"an item that is {status} cannot take {event}") from None
