"""How an alert travels: one e-mail through the office's server, or one POST to an address.

Belongs here: the wire and its refusals. Does not: what a message says, whether it is sent again. A refusal is told in our own
words: what a server answers may repeat addresses and secrets.
"""

from __future__ import annotations

import contextlib
import json
import os
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import localtime, make_msgid
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from finsam_pipeline.register.alerting import IMPLICIT_TLS_PORT, AlertSettings, EmailSettings, WebhookSettings

if TYPE_CHECKING:
    from finsam_pipeline.review.alerts import Message

_TIMEOUT = 10.0  # seconds; a run waits this long for a server that does not answer
Send = Callable[["Message"], None]


class ChannelError(Exception):
    """The message did not arrive; `message_sv` says why, without addresses and secrets."""

    def __init__(self, message_sv: str) -> None:
        super().__init__(message_sv)
        self.message_sv = message_sv


def channels(settings: AlertSettings) -> dict[str, Send]:
    """Name → what sends over it. Each raises ChannelError when the message did not arrive."""
    out: dict[str, Send] = {}
    if (email := settings.email) is not None:
        out["email"] = lambda message: send_email(email, message)
    if (webhook := settings.webhook) is not None:
        out["webhook"] = lambda message: send_webhook(webhook, message)
    return out


def send_email(settings: EmailSettings, message: Message) -> None:
    """Send one mail to everyone in `to`. One refused recipient among several does not stop it. Raises ChannelError."""

    def send() -> None:
        with _connected(settings) as server:
            if settings.user_env:
                server.login(_secret(settings.user_env), _secret(settings.password_env))
            server.send_message(_mail(settings, message))

    _in_our_words(send)


def send_webhook(settings: WebhookSettings, message: Message) -> None:
    """POST one JSON object; any answer but 2xx, a redirection too, is a refusal. Raises ChannelError."""
    url = settings.url or _secret(settings.url_env)
    if not url.startswith(("https://", "http://")):
        raise ChannelError(f"miljövariabeln {settings.url_env} håller ingen webbadress")
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "finsam"}
    if settings.token_env:
        headers["Authorization"] = f"Bearer {_secret(settings.token_env)}"
    body = json.dumps(_body(settings, message), ensure_ascii=False).encode()

    def send() -> None:
        request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - the scheme is checked above
        with build_opener(_NoRedirection).open(request, timeout=_TIMEOUT):
            pass

    _in_our_words(send)


def _body(settings: WebhookSettings, message: Message) -> Mapping[str, object]:
    if settings.kind == "text":
        return {"text": f"{message.subject}\n\n{message.text}"}
    return {
        "association": message.association,
        "subject": message.subject,
        "text": message.text,
        "snapshot_id": message.snapshot_id,
        "counts": message.counts,
    }


def _mail(settings: EmailSettings, message: Message) -> EmailMessage:
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"], mail["To"] = settings.sender, ", ".join(settings.to)
    mail["Subject"] = message.subject
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=settings.sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"  # no out-of-office answers
    mail.set_content(message.text)
    return mail


@contextlib.contextmanager
def _connected(settings: EmailSettings) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if settings.port == IMPLICIT_TLS_PORT:
        with smtplib.SMTP_SSL(settings.host, settings.port, timeout=_TIMEOUT, context=context) as server:
            yield server
        return
    with smtplib.SMTP(settings.host, settings.port, timeout=_TIMEOUT) as server:
        if settings.starttls:
            server.starttls(context=context)
        yield server


class _NoRedirection(HTTPRedirectHandler):
    """A message and its token go to the address that was named and to no other."""

    def redirect_request(self, *_: object) -> None:
        """Refuse."""


def _in_our_words(send: Callable[[], None]) -> None:
    """Whatever the wire raises becomes a ChannelError without the cause, which quotes the server."""
    try:
        send()
    except (smtplib.SMTPException, OSError, HTTPException, ValueError) as error:
        said = _words_for(error)
        if isinstance(error, HTTPError):
            error.close()
    else:
        return
    raise ChannelError(said)


def _words_for(error: Exception) -> str:
    cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    if isinstance(cause, HTTPError):
        known = {s.value for s in HTTPStatus}
        return f"mottagaren svarade {cause.code}" if cause.code in known else "mottagaren svarade med ett okänt fel"
    return next((words for kind, words in _WORDS if isinstance(cause, kind)), "oväntat svar")


_WORDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (smtplib.SMTPAuthenticationError, "servern godtog inte användare och lösenord"),
    (smtplib.SMTPRecipientsRefused, "servern tog inte emot någon av mottagarna"),
    (smtplib.SMTPSenderRefused, "servern tog inte emot avsändaren"),
    (smtplib.SMTPNotSupportedError, "servern kan inte det som är inställt (kryptering eller inloggning)"),
    (smtplib.SMTPServerDisconnected, "servern bröt förbindelsen eller svarade inte i tid"),
    (smtplib.SMTPException, "servern tog inte emot meddelandet"),
    (ssl.SSLError, "den krypterade förbindelsen gick inte att upprätta"),
    (TimeoutError, "servern svarade inte i tid"),
    (OSError, "servern går inte att nå"),
    (UnicodeError, "användare, lösenord eller adress innehåller tecken som inte kan skickas"),
)


def _secret(variable: str) -> str:
    value = os.environ.get(variable, "")
    if not value:
        raise ChannelError(f"miljövariabeln {variable} är inte satt")
    return value
