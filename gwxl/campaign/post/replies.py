"""What the reply of a mail server means for a message, and for those that come after it."""

from enum import StrEnum

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


def ends_connection(code: int, reply: str) -> bool:
    """Tell whether the next message needs a connection of its own."""
    return code == _CLOSING or any(sign in reply for sign in _ANEW)
