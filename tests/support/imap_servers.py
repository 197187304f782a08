"""Real servers of IMAP on this machine: Dovecot, Hoodiecrow, and a line to one that breaks."""

import grp
import json
import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.clients.node import HOME
from tests.support.mail_server import CODE, USER

PATIENCE = 30.0
HERE = "127.0.0.1"

_SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/here.crt
ssl_key = <{folder}/here.key
disable_plaintext_auth = no
default_login_user = {owner}
default_internal_user = {owner}
default_internal_group = {group}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password={code}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/home
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
"""


def missing() -> str:
    """Say what of Dovecot is not installed, empty where nothing is missing."""
    absent = [name for name in ("dovecot", "openssl") if _program(name) is None]
    return f"{', '.join(absent)} is not installed (apt install dovecot-imapd openssl)" if absent else ""


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@dataclass(frozen=True, kw_only=True)
class Dovecot:
    """A running Dovecot with one mailbox.

    Attributes:
        plain, secure: its ports. authority: the file of the certificate by which it is known.
        folder: of its own.
    """

    folder: Path
    plain: int
    secure: int
    authority: Path

    def put(self, *mails: bytes) -> None:
        """Deliver mails."""
        for data in mails:
            name = f"{time.time_ns()}.M1.here"
            (self.folder / "mail" / "tmp" / name).write_bytes(data)
            shutil.chown(self.folder / "mail" / "tmp" / name, *_owner())
            (self.folder / "mail" / "tmp" / name).rename(self.folder / "mail" / "new" / name)

    def flags(self) -> Sequence[str]:
        """Return the flags of each mail, as they stand in its name."""
        return sorted(path.name.partition(":2,")[2] for path in (self.folder / "mail").rglob("*.M1.here*"))


def _owner() -> tuple[str, str]:
    if os.geteuid() == 0:  # whose mails Dovecot touches for nobody
        return "nobody", "nogroup"
    return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name


@contextmanager
def dovecot(folder: Path) -> Iterator[Dovecot]:
    """Run a Dovecot in a folder whose name is short, as the names of sockets are."""
    owner, group = _owner()
    plain, secure = _free_port(), _free_port()
    for part in ("", "home", "mail", "mail/new", "mail/cur", "mail/tmp", "state"):
        (folder / part).mkdir(parents=True, exist_ok=True)
        shutil.chown(folder / part, owner, group)
    folder.chmod(0o755)
    _certify(folder)
    file = folder / "dovecot.conf"
    file.write_text(
        _SETTINGS.format(folder=folder, owner=owner, group=group, code=CODE, plain=plain, secure=secure), "utf-8"
    )
    command = [str(_program("dovecot")), "-F", "-c", str(file)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        try:
            _await(plain, running)
            yield Dovecot(folder=folder, plain=plain, secure=secure, authority=folder / "here.crt")
        finally:
            running.terminate()
            running.wait(PATIENCE)


def _certify(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=here"]
    command += ["-addext", f"subjectAltName=IP:{HERE}", "-keyout", "here.key", "-out", "here.crt"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@contextmanager
def hoodiecrow(*mails: bytes) -> Iterator[int]:
    """Run a server that opens no folder to whoever has not said who he is; give its port."""
    messages = [{"raw": data.decode("ascii"), "uid": 10 + number} for number, data in enumerate(mails)]
    settings: Mapping[str, Any] = {
        "storage": {"INBOX": {"messages": messages, "uidvalidity": 7}},
        "users": {USER: {"password": CODE}},
    }
    command = ["node", "imap.js"]
    with subprocess.Popen(
        command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(json.dumps(settings))
        running.stdin.close()
        try:
            yield int(running.stdout.readline())
        finally:
            running.kill()
            running.wait(PATIENCE)


@contextmanager
def breaking(port: int, after: Sequence[int]) -> Iterator[int]:
    """Give the port of a line to a server that breaks after so many bytes from it, each time it is used."""
    with socket.create_server((HERE, 0)) as listening:
        listening.settimeout(0.2)
        over = threading.Event()
        thread = threading.Thread(target=_lead, args=(listening, port, list(after), over), daemon=True)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            over.set()
            thread.join(PATIENCE)


def _lead(listening: socket.socket, port: int, after: list[int], over: threading.Event) -> None:
    while not over.is_set():
        try:
            near, _ = listening.accept()
        except TimeoutError:
            continue
        with near, socket.create_connection((HERE, port)) as far:
            threading.Thread(target=_pass_on, args=(near, far), daemon=True).start()
            _pass_on(far, near, after.pop(0) if after else None)


def _pass_on(source: socket.socket, target: socket.socket, most: int | None = None) -> None:
    """Pass on what one side says, the first bytes of it where there is a limit, and hang up."""
    with suppress(OSError):
        while data := source.recv(4096 if most is None else min(4096, most)):
            target.sendall(data)
            most = None if most is None else most - len(data)
            if most == 0:
                break
    with suppress(OSError):
        source.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


def _free_port() -> int:
    with socket.create_server((HERE, 0)) as one:
        return int(one.getsockname()[1])


def _await(port: int, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and running.poll() is None:
        with suppress(OSError), socket.create_connection((HERE, port), 1):
            return
        time.sleep(0.05)
    told = running.stderr.read() if running.stderr and running.poll() is not None else b""
    message = f"Dovecot does not answer: {told.decode(errors='replace')}"
    raise AssertionError(message)
