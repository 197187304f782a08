"""What the reply of a mail server means for a message, and for those that come after it."""

import re
from collections.abc import Mapping
from enum import StrEnum

from gwxl.wording import LANGUAGES, each
from gwxl.wording.network import said_of_network

_PERMANENT = 500

# As the providers document them; what a recipient's full mailbox says ("Quota exceeded") is none of these.
_ENOUGH = (
    *("MI:STC", "MI:SFQ", "RP:TRC", "RP:QRC", "HL:IFC", "HL:ICC"),  # NetEase (163, 126, yeah)
    *("frequency limited", "frequency of receiving messages is limited"),  # Tencent (QQ, exmail)
    *("frequently sending", "currently unexpected sending"),  # Alibaba
    *("sending quota", "sending limit", "5.4.5 daily"),  # Coremail, Google
    *("daily limit", "5.1.90", "submissionquota"),  # Microsoft
    *("message quota", "messages quota", "too many messages", "rate limit"),
)
_UNWANTED = ("DT:SPM", "mail content denied", "content reject", "spam denied")  # no message would be taken for now
_ANEW = ("MI:DMC", "RP:DRC")  # NetEase: enough for this connection
_CLOSING = 421
# What servers say of a recipient or a message: by the numbers of RFC 3463, and by words that are met.
_MEANINGS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(signs)
    for kind, signs in {
        "domain": r"\b[45]\.(?:1\.2|4\.4)\b|(?:domain|host)(?: name)? not found|no such (?:domain|host)",
        "stopped": r"\b[45]\.2\.1\b|(?:account|mailbox|user) (?:is |has been )?(?:disabled|inactive|suspended|locked)",
        "full": r"\b[45]\.(?:2\.2|3\.1)\b|(?:mailbox|mail box|storage) (?:is )?full|over ?quota|quota exceeded"
        r"|insufficient .{0,20}storage",
        "large": r"\b[45]\.(?:2\.3|3\.4)\b|too (?:large|big)|size (?:limit|exceeds)|exceeds .{0,40}size",
        "unknown": r"\b[45]\.1\.(?:0|1|3|6|10)\b|(?:user|recipient|mailbox|address|account) (?:is )?"
        r"(?:unknown|not found|unavailable|(?:does not|doesn't|not) exist)|(?:unknown|invalid|no such|non-?existent) "
        r"(?:user|recipient|mailbox|address|account)|no mailbox",
        "unwanted": r"spam|junk|virus|black ?list|blocked|policy|content|\bdt:|reputation",
        "relay": r"relay",
    }.items()
}


class Verdict(StrEnum):
    """What a refusal means: try again later, never again, or send nothing more for now."""

    LATER = "later"
    NEVER = "never"
    ENOUGH = "enough"


def judge(code: int, reply: str) -> Verdict:
    """Tell what a refusal means.

    Args:
        code: the code of the reply, 400 to 599.
        reply: its words.
    """
    words, permanent = reply.casefold(), code >= _PERMANENT
    signs = (*_ENOUGH, *_UNWANTED) if permanent else _ENOUGH
    if any(sign.casefold() in words for sign in signs):
        return Verdict.ENOUGH
    return Verdict.NEVER if permanent else Verdict.LATER


def is_unwanted(reply: str) -> bool:
    """Tell whether a server takes our messages for spam."""
    return any(sign.casefold() in reply.casefold() for sign in _UNWANTED)


def ends_connection(code: int, reply: str) -> bool:
    """Tell whether the next message needs a connection of its own."""
    return code == _CLOSING or any(sign in reply for sign in _ANEW)


def explain_reply(reply: str) -> Mapping[str, str]:
    """Return language → what a server's reply to one message means, and its own words, marked as such.

    Args:
        reply: its code and words, or why the connection was lost, in English; nothing means nothing.
    """
    if not reply:
        return {}
    if not reply[:3].isdigit():
        return said_of_network(reply) or dict.fromkeys(LANGUAGES, reply)
    return each("reply.told", meaning=each(f"reply.{_find_meaning(reply)}"), reply=reply)


def _find_meaning(reply: str) -> str:
    words = reply.casefold()
    if any(sign.casefold() in words for sign in _ENOUGH):
        return "enough"
    found = (kind for kind, signs in _MEANINGS.items() if signs.search(words))
    return next(found, {"4": "later", "5": "refused"}.get(reply[0], "odd"))
