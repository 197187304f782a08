"""The draft of a mail, mostly with a workbook attached, as mail programs open it to be looked at and sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from email import encoders
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import encode_rfc2231, formataddr
from hashlib import sha256

_TYPE = "application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_POLICY = compat32.clone(linesep="\r\n", max_line_length=None)  # lines are divided below
_FOLD = ";\r\n "


@dataclass(frozen=True, kw_only=True)
class MailDraft:
    """A mail that is not sent yet; the same parts give the same bytes.

    Attributes:
        office, sender: name and address it comes from; to: the addresses it goes to, none where none is known.
        file: what its attachment is called, with its bytes; empty where there is none.
    """

    office: str
    sender: str
    to: Sequence[str]
    subject: str
    text: str
    file: str = ""
    attachment: bytes = b""

    def data(self) -> bytes:
        """Return the bytes of the .eml file."""
        boundary = f"gwxl-{sha256(self.attachment).hexdigest()[:32]}"  # no line of base64 begins with dashes
        mail = MIMEMultipart("mixed", boundary=boundary)
        mail["X-Unsent"] = "1"  # by which Outlook opens it to be sent
        if self.sender:
            mail["From"] = formataddr((self.office, self.sender))
        if self.to:
            mail["To"] = ",\r\n ".join(self.to)
        mail["Subject"] = Header(self.subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
        mail.attach(MIMEText(self.text, "plain", "utf-8"))
        if self.file:
            mail.attach(self._build_attachment())
        return mail.as_bytes(policy=_POLICY)

    def _build_attachment(self) -> MIMEBase:
        """Return the attachment, its name twice: by RFC 2231, and by RFC 2047 for programs that know no other way."""
        part = MIMEBase(*_TYPE)
        part.set_payload(self.attachment)
        encoders.encode_base64(part)
        old = Header(self.file, "utf-8", maxlinelen=75).encode(linesep="\r\n")
        new = encode_rfc2231(self.file, "utf-8")
        del part["Content-Type"]
        part["Content-Type"] = _FOLD.join(["/".join(_TYPE), f'name="{old}"'])
        part["Content-Disposition"] = _FOLD.join(["attachment", f'filename="{old}"', f"filename*={new}"])
        return part
