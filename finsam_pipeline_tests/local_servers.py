"""A mail server and a web server on this machine that keep what they are sent, and refuse it when told to."""

from __future__ import annotations

import base64
import contextlib
import email.policy
import http.server
import json
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Mailbox:
    """A running mail server: what it got, and what it refuses (`mail`, `rcpt`, `data`, `auth`, `silent`)."""

    port: int = 0
    refuse: set[str] = field(default_factory=set)
    refused_recipients: set[str] = field(default_factory=set)
    tls: ssl.SSLContext | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[str, str, bool]] = field(default_factory=list)  # user, password, over TLS
    lines: list[str] = field(default_factory=list)


class _Smtp(socketserver.StreamRequestHandler):
    """Just enough of the protocol, line by line."""

    box: Mailbox
    secure = False

    def handle(self) -> None:
        if "silent" in self.box.refuse:
            return
        self.say("220 test")
        with contextlib.suppress(OSError, ssl.SSLError):
            while line := self.rfile.readline().decode().strip():
                self.box.lines.append(line)
                if self.answer(line):
                    return

    def answer(self, line: str) -> bool:
        word = line.split(maxsplit=1)[0].upper()
        if word == "QUIT":
            self.say("221 bye")
            return True
        getattr(self, f"on_{word.lower()}", lambda _line: self.say("250 ok"))(line)
        return False

    def on_ehlo(self, _line: str) -> None:
        extras = ["STARTTLS"] if self.box.tls and not self.secure else []
        self.say("\r\n".join(f"250-{x}" for x in ["test", *extras, "AUTH PLAIN"]) + "\r\n250 8BITMIME")

    def on_starttls(self, _line: str) -> None:
        if self.box.tls is None:
            self.say("502 no")
            return
        self.say("220 go ahead")
        self.connection = self.box.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")  # type: ignore[assignment]
        self.secure = True

    def on_auth(self, line: str) -> None:
        _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
        self.box.logins.append((user, password, self.secure))
        self.say(f"535 no, {password} is wrong" if "auth" in self.box.refuse else "235 ok")

    def on_mail(self, _line: str) -> None:
        self.say("550 no" if "mail" in self.box.refuse else "250 ok")

    def on_rcpt(self, line: str) -> None:
        refused = "rcpt" in self.box.refuse or any(r in line for r in self.box.refused_recipients)
        self.say("550 nobody of that name" if refused else "250 ok")

    def on_data(self, _line: str) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if "data" in self.box.refuse:
            self.say("554 no")
            return
        parser = email.message_from_bytes(b"".join(lines), policy=email.policy.SMTP)
        assert isinstance(parser, EmailMessage)
        self.box.mails.append(parser)
        self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        if self.secure:
            self.connection.close()


@contextlib.contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    box = Mailbox(tls=tls)
    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Smtp", (_Smtp,), {"box": box}))) as port:
        box.port = port
        yield box


@dataclass
class Hook:
    """A running web server: the bodies and headers it got, and the status it answers with."""

    port: int = 0
    status: int = 200
    location: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


class _Web(http.server.BaseHTTPRequestHandler):
    hook: Hook

    def do_POST(self) -> None:
        self.hook.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.hook.headers.append(dict(self.headers))
        self.send_response(self.hook.status)
        if self.hook.location:
            self.send_header("Location", self.hook.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        raise AssertionError("nobody should follow a redirection")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def web_server() -> Iterator[Hook]:
    hook = Hook()
    with _serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Web", (_Web,), {"hook": hook}))) as port:
        hook.port = port
        yield hook


@contextlib.contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    """The server's port while it answers in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
