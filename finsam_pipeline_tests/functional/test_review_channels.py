"""Mail and webhook against servers on this machine: what they get, and what we say when they refuse."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from finsam_pipeline.register.alerting import AlertSettings, EmailSettings, WebhookSettings
from finsam_pipeline.review import channels
from finsam_pipeline.review.alerts import Message
from finsam_pipeline.review.channels import ChannelError, send_email, send_webhook
from finsam_pipeline_tests.local_servers import Hook, Mailbox, mail_server, web_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAID = Message("norr", "Förbundet i norr: 2 nya att granska", "Två rader.\n.\nÅäö.\n", "abc", {"findings": 2})
SECRET = "hemligt-ord"  # noqa: S105 - made up


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as running:
        yield running


def email_to(box: Mailbox, **more: Any) -> EmailSettings:  # noqa: ANN401
    given = {"to": ["a@exempel.se", "b@exempel.se"], "from": "finsam@exempel.se", "starttls": False}
    return EmailSettings.model_validate(given | {"smtp": f"127.0.0.1:{box.port}"} | more)


def test_a_mail_arrives_whole(box: Mailbox):
    send_email(email_to(box), SAID)
    (mail,) = box.mails
    assert (mail["Subject"], mail["To"], mail["From"]) == (SAID.subject, "a@exempel.se, b@exempel.se", "finsam@exempel.se")
    assert mail.get_content().replace("\r\n", "\n") == SAID.text
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@exempel.se>")
    assert mail["Date"].datetime.tzinfo is not None


@pytest.mark.parametrize(
    ("refuse", "says"),
    [("rcpt", "mottagarna"), ("mail", "avsändaren"), ("data", "tog inte emot meddelandet"), ("silent", "bröt")],
)
def test_a_refusal_is_told_in_our_own_words(box: Mailbox, refuse: str, says: str):
    box.refuse.add(refuse)
    with pytest.raises(ChannelError, match=says) as refused:
        send_email(email_to(box), SAID)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
    assert "exempel.se" not in str(refused.value)
    assert box.mails == []


def test_one_refused_recipient_does_not_stop_the_mail(box: Mailbox):
    box.refused_recipients.add("a@exempel.se")
    send_email(email_to(box), SAID)
    assert len(box.mails) == 1


def test_a_server_without_encryption_gets_no_mail_when_encryption_is_asked_for(box: Mailbox):
    with pytest.raises(ChannelError, match="kryptering"):
        send_email(email_to(box, starttls=True), SAID)
    assert box.mails == []


def test_nobody_listening_is_a_refusal():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ChannelError, match="nå"):
        send_email(email_to(Mailbox(port)), SAID)
    with pytest.raises(ChannelError, match="nå"):
        send_webhook(WebhookSettings(url=Hook(port).url), SAID)


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(channels, "_TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        with pytest.raises(ChannelError, match="i tid"):
            send_email(email_to(Mailbox(port)), SAID)
        with pytest.raises(ChannelError, match="i tid"):
            send_webhook(WebhookSettings(url=Hook(port).url), SAID)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 -keyout"
    subprocess.run([*command.split(), file, "-out", f"{file}.crt"], check=True, capture_output=True)
    with file.open("a") as stream:
        stream.write(file.with_name("server.pem.crt").read_text())
    return file


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


LOGIN = {"starttls": True, "user_env": "FINSAM_TEST_USER", "password_env": "FINSAM_TEST_PASSWORD"}


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINSAM_TEST_USER", "kansli")
    monkeypatch.setenv("FINSAM_TEST_PASSWORD", SECRET)


@pytest.mark.usefixtures("password")
def test_a_password_goes_over_an_encrypted_line(certificate: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate) + ".crt")
    with mail_server(tls_of(certificate)) as box:
        send_email(email_to(box, **LOGIN), SAID)
        assert box.logins == [("kansli", SECRET, True)]
        assert len(box.mails) == 1
        box.refuse.add("auth")
        with pytest.raises(ChannelError, match="lösenord") as refused:
            send_email(email_to(box, **LOGIN), SAID)
        assert SECRET not in str(refused.value)


@pytest.mark.usefixtures("password")
def test_a_password_that_cannot_be_sent_is_no_riddle(certificate: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate) + ".crt")
    monkeypatch.setenv("FINSAM_TEST_PASSWORD", "lösen")
    with mail_server(tls_of(certificate)) as box, pytest.raises(ChannelError, match="tecken"):
        send_email(email_to(box, **LOGIN), SAID)


@pytest.mark.usefixtures("password")
def test_a_certificate_nobody_trusts_gets_neither_password_nor_mail(certificate: Path):
    with mail_server(tls_of(certificate)) as box:
        with pytest.raises(ChannelError, match="krypterade"):
            send_email(email_to(box, **LOGIN), SAID)
        assert (box.logins, box.mails) == ([], [])


def test_a_variable_that_is_not_set_is_named(certificate: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate) + ".crt")
    with mail_server(tls_of(certificate)) as box, pytest.raises(ChannelError, match="FINSAM_TEST_USER"):
        send_email(email_to(box, **LOGIN), SAID)


def test_a_webhook_gets_every_field(hook: Hook):
    send_webhook(WebhookSettings(url=hook.url), SAID)
    assert hook.bodies == [
        {"association": "norr", "subject": SAID.subject, "text": SAID.text, "snapshot_id": "abc", "counts": {"findings": 2}}
    ]
    assert "Authorization" not in hook.headers[0]


def test_a_chat_gets_one_text(hook: Hook):
    send_webhook(WebhookSettings(url=hook.url, kind="text"), SAID)
    assert hook.bodies == [{"text": f"{SAID.subject}\n\n{SAID.text}"}]


def test_address_and_token_come_from_the_environment(hook: Hook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FINSAM_TEST_URL", hook.url)
    monkeypatch.setenv("FINSAM_TEST_TOKEN", SECRET)
    send_webhook(WebhookSettings(url_env="FINSAM_TEST_URL", token_env="FINSAM_TEST_TOKEN"), SAID)  # noqa: S106
    assert hook.headers[0]["Authorization"] == f"Bearer {SECRET}"


def test_an_address_from_the_environment_must_be_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FINSAM_TEST_URL", f"file:///{SECRET}")
    with pytest.raises(ChannelError, match="FINSAM_TEST_URL") as refused:
        send_webhook(WebhookSettings(url_env="FINSAM_TEST_URL"), SAID)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500])
def test_any_answer_but_yes_is_a_refusal_and_no_redirection_is_followed(hook: Hook, status: int):
    hook.status, hook.location = status, hook.url
    with pytest.raises(ChannelError, match=str(status)):
        send_webhook(WebhookSettings(url=hook.url), SAID)
    assert len(hook.bodies) == 1


def test_each_setting_is_a_channel(box: Mailbox, hook: Hook):
    settings = AlertSettings(email=email_to(box), webhook=WebhookSettings(url=hook.url))
    for send in channels.channels(settings).values():
        send(SAID)
    assert (len(box.mails), len(hook.bodies)) == (1, 1)
