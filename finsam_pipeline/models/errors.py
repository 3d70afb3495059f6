"""What can go wrong in this room: always a model, a line and what to look at, never a value of a row."""

from __future__ import annotations


class ModelError(Exception):
    """A model cannot be read, rendered or run.

    `model` is the model's name, `line` the line in its file (None when it is not known), `message` what is wrong. The message of
    an engine is kept only where it speaks of SQL; one that could quote a row's value is replaced by its class.
    """

    def __init__(self, model: str, line: int | None, message: str) -> None:
        super().__init__(f"{model}{f', line {line}' if line else ''}: {message}")
        self.model = model
        self.line = line
        self.message = message
