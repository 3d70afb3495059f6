"""`alerts:` of association.yaml: who is told, over which channels, about what; and the days `expected:` waits for.

Belongs here: the shape of the setting and what is wrong with it. Does not: what is said, how it is sent. No secret stands in
the file: a setting that ends in `_env` names the environment variable that holds it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

IMPLICIT_TLS_PORT = 465
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_SERVER = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):([0-9]{1,5})")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LAST_PORT = 65535
_LEAP_YEAR = 2024


class Topic(StrEnum):
    """What an alert can be about."""

    FINDINGS = "findings"  # rows that wait for a steward, rejected files
    HELD = "held"  # a slice that is not published
    LATE = "late"  # a delivery that `expected:` waits for
    FAILED = "failed"  # a run that an unexpected error ended


def _fault(advice_sv: str) -> PydanticCustomError:
    """A fault whose text is shown as it stands."""
    return PydanticCustomError("advice", "{advice}", {"advice": advice_sv})


def _address(text: str) -> str:
    if not (_ADDRESS.fullmatch(text) and text.isascii()):
        raise _fault("ska vara en e-postadress, till exempel kansli@exempel.se.")
    return text


def _server(text: str) -> str:
    found = _SERVER.fullmatch(text)
    if not found or not 0 < int(found[1]) <= _LAST_PORT:
        raise _fault("ska vara server och port, till exempel smtp.exempel.se:587.")
    return text


def _variable(text: str) -> str:
    if text and not _VARIABLE.fullmatch(text):
        raise _fault("ska vara namnet på en miljövariabel, inte hemligheten själv.")
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if text and not (sound and text.isascii() and text.isprintable() and " " not in text):
        raise _fault("ska vara en adress som börjar med https:// eller http://.")
    if text and "@" in parts.netloc:
        raise _fault("får inte hålla användare och lösenord: lägg adressen i en miljövariabel och nämn den med url_env.")
    return text


def _day_of_year(text: str) -> str:
    try:
        dt.date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    except ValueError:
        raise _fault("ska vara en dag på året skriven MM-DD, till exempel 07-15.") from None
    return text


DayOfYear = Annotated[str, AfterValidator(_day_of_year)]
Address = Annotated[str, AfterValidator(_address)]
Variable = Annotated[str, AfterValidator(_variable)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class EmailSettings(_Strict):
    """A mail server and who gets its mail. Port 465 speaks TLS from the first byte; any other begins it by STARTTLS."""

    to: Annotated[tuple[Address, ...], Field(min_length=1, description="Mottagarnas adresser.")]
    sender: Address = Field(alias="from", description="Avsändarens adress.")
    smtp: Annotated[str, AfterValidator(_server)] = Field(description="E-postserverns namn och port: `smtp.exempel.se:587`.")
    starttls: bool = Field(default=True, description="Kryptera förbindelsen. `false` bara på ett eget nät, och då utan lösenord.")
    user_env: Variable = Field(default="", description="Namnet på miljövariabeln med användarnamnet.")
    password_env: Variable = Field(default="", description="Namnet på miljövariabeln med lösenordet, som aldrig skrivs i filen.")

    @property
    def host(self) -> str:
        """The server's name or address."""
        return self.smtp.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The server's port."""
        return int(self.smtp.rpartition(":")[2])

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.user_env) != bool(self.password_env):
            raise _fault("user_env och password_env hör ihop: ange båda eller ingen.")
        if self.user_env and not self.starttls and self.port != IMPLICIT_TLS_PORT:
            raise _fault("ett lösenord skickas bara krypterat: ange starttls: true eller port 465.")
        return self


class WebhookSettings(_Strict):
    """An address that takes a POST. `json`: every field; `text`: one field `text`, as chat services take it."""

    url: Annotated[str, AfterValidator(_url)] = Field(default="", description="Adressen, när den inte är hemlig.")
    url_env: Variable = Field(default="", description="Namnet på miljövariabeln med adressen, när den är hemlig.")
    token_env: Variable = Field(
        default="", description="Namnet på miljövariabeln med den nyckel som skickas i `Authorization: Bearer`."
    )
    kind: Literal["json", "text"] = Field(
        default="json", description="`json` alla uppgifter, `text` ett fält, som chattjänster tar det."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.url) == bool(self.url_env):
            raise _fault("ange url, eller url_env när adressen själv är hemlig, men inte båda.")
        return self


class AlertSettings(_Strict):
    """The whole of `alerts:`."""

    email: EmailSettings | None = Field(default=None, description="Med e-post.")
    webhook: WebhookSettings | None = Field(default=None, description="Till en adress som tar emot POST.")
    on: tuple[Topic, ...] = Field(
        default=tuple(Topic),
        description="Om vad: rader som väntar på beslut, något som hålls tillbaka, en sen leverans, en avbruten körning.",
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.email is None and self.webhook is None:
            raise _fault("ange email eller webhook, annars får ingen veta något.")
        return self


def alert_settings(settings: Mapping[str, Any]) -> AlertSettings | None:
    """The settings of a loaded configuration (`Register.settings`); None when nobody wants alerts.

    Raises:
        pydantic.ValidationError: they are wrong; loading a register says so first, with file and line.
    """
    given = settings.get("alerts")
    return None if given is None else AlertSettings.model_validate(given)
