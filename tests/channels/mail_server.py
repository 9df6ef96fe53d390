"""A real Dovecot and Postfix on loopback: started once for all tests, stopped by their own process and pid file.

They resemble no installation: every address of the domain exists, with one password, and nothing is relayed anywhere.
Everything they write lies in one directory, which tests search.
"""

from __future__ import annotations

import contextlib
import imaplib
import itertools
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.debian import WHERE

DOMAIN, PASSWORD = "chat.test", "nobodys-password"
LARGEST_MAIL = 100 * 1024 * 1024
PATIENCE = 60.0

DOVECOT = """
base_dir = {root}/run
state_dir = {root}/run
log_path = {root}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = required
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:{root}/spool/%u
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={root}/spool/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener {root}/queue/private/dovecot-lmtp {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service auth {{
  unix_listener {root}/queue/private/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
"""
MAIN = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = {domain}
mydestination =
virtual_mailbox_domains = {domain}
virtual_transport = lmtp:unix:private/dovecot-lmtp
virtual_mailbox_maps = static:all
lmtp_destination_concurrency_limit = 1
lmtp_initial_destination_concurrency = 1
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_auth_enable = yes
smtpd_tls_cert_file = {root}/cert.pem
smtpd_tls_key_file = {root}/key.pem
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
message_size_limit = {largest}
mailbox_size_limit = 0
biff = no
"""
MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(slots=True)
class MailServer:
    """The running pair."""

    root: Path
    imap: int
    smtp: int
    numbers: Iterator[int] = field(default_factory=itertools.count)
    _dovecot: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Both up. Postfix first: its start makes queue/private, where Dovecot then puts its sockets."""
        _run(*self._postfix, "start")
        self._dovecot = subprocess.Popen(
            [str(shutil.which("dovecot", path=WHERE)), "-F", "-c", str(self.root / "dovecot.conf")],
            stderr=subprocess.DEVNULL,
        )
        for port in (self.imap, self.smtp):
            _wait_for(port)

    def stop(self) -> None:
        """Both down; what they keep stays."""
        if self._dovecot is not None:
            _stop(self._dovecot)
        subprocess.run([*self._postfix, "stop"], capture_output=True, check=False)

    def restart(self) -> None:
        """Down and up again."""
        self.stop()
        self.start()

    @property
    def _postfix(self) -> tuple[str, ...]:
        return (str(shutil.which("postfix", path=WHERE)), "-c", str(self.root / "postfix"))

    def mails(self, address: str) -> list[bytes]:
        """What lies on the server for one address, as it lies there."""
        box = self.root / "spool" / address
        for _attempt in range(1000):
            lying = _lying(box)
            try:
                found = [path.read_bytes() for path in lying]
            except FileNotFoundError:
                continue  # seen, which moves it, or taken away in this moment
            if _lying(box) == lying:
                return found
        raise AssertionError("the mailbox is never at rest")

    def passing_through(self) -> bool:
        """Whether mail is accepted that lies in no mailbox yet."""
        passed = ("maildrop", "incoming", "active")
        return any(path.is_file() for name in passed for path in (self.root / "queue" / name).rglob("*"))

    def everything(self) -> bytes:
        """Every byte it keeps."""
        found = []
        for path in self.root.rglob("*"):
            with contextlib.suppress(OSError):
                if path.is_file():
                    found.append(path.read_bytes())
        return b"\n".join(found)

    def submit(self, sender: str, to: str, mail: bytes) -> None:
        """Hand a mail in, whatever it says."""
        with smtplib.SMTP_SSL("127.0.0.1", self.smtp, context=any_certificate()) as server:
            server.login(sender, PASSWORD)
            server.sendmail(sender, [to], mail, mail_options=["SMTPUTF8"] if not mail.isascii() else [])

    def put(self, address: str, *mails: bytes) -> None:
        """Put mails into a mailbox past the sending server, which mends some of what is broken."""
        box = imaplib.IMAP4_SSL("127.0.0.1", self.imap, ssl_context=any_certificate())
        box.login(address, PASSWORD)
        for mail in mails:
            box.append("INBOX", "", "", mail)
        box.logout()


def _lying(box: Path) -> list[Path]:
    return sorted(path for path in box.rglob("*") if path.parent.name in ("new", "cur"))


def any_certificate() -> ssl.SSLContext:
    """For what does not leave this machine."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """Both, up."""
    root = Path(tempfile.mkdtemp(prefix="mail"))  # where daemons that drop their rights can enter
    root.chmod(0o755)
    with contextlib.ExitStack() as running:
        running.callback(shutil.rmtree, root, ignore_errors=True)
        server = MailServer(root, free_port(), free_port())
        _lay_out(server)
        running.callback(server.stop)
        server.start()
        yield server


def _lay_out(server: MailServer) -> None:
    root = server.root
    for name in ("run", "spool", "queue", "data", "postfix"):
        (root / name).mkdir()
    shutil.chown(root / "spool", "mail", "mail")
    shutil.chown(root / "data", "postfix")
    _run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
        *("-keyout", str(root / "key.pem"), "-out", str(root / "cert.pem")),
    )
    values = {
        "root": root,
        "domain": DOMAIN,
        "password": PASSWORD,
        "imap": server.imap,
        "smtp": server.smtp,
        "largest": LARGEST_MAIL,
    }
    (root / "dovecot.conf").write_text(DOVECOT.format(**values))
    (root / "postfix" / "main.cf").write_text(MAIN.format(**values))
    (root / "postfix" / "master.cf").write_text(MASTER.format(**values))


def free_port() -> int:
    """A port the system says is free on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: str) -> None:
    result = subprocess.run(command, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(port)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
