"""Log lines that name nobody.

What belongs here: taking personal data out of what is logged. Where the lines go is a setting.
"""

import logging
import re

# Whatever has an @ in it, the numbers that identify a pupil (UPN, ULN), and the secret parts of
# the addresses of somebody's calendar and of a family's private page.
PERSONAL = re.compile(
    r"[^\s<>\"',;:()]+@[^\s<>\"',;:()]+|\b[A-HJ-NP-RT-Z]\d{11}[0-9A-Z]\b|\b\d{10}\b"
    r"|(?<=/)[\w-]{43}(?=\.ics)|(?<=/your-views/)[\w-]{43}"
)
REPLACEMENT = "[removed]"


def without_personal_data(text: str) -> str:
    """Replace e-mail addresses and pupil numbers in the text; everything else stays."""
    return PERSONAL.sub(REPLACEMENT, text)


class WithoutPersonalData(logging.Filter):
    """Clean the message of every record before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_personal_data(record.getMessage())
        record.args = None
        # The request that Django attaches holds the form that was posted.
        record.__dict__.pop("request", None)
        if 400 <= record.__dict__.get("status_code", 0) < 500:
            # A refusal is an answer, not a fault: one line, and not where in the code it was made.
            record.exc_info = None
        return True


class Line(logging.Formatter):
    """Write one record, with the same cleaning for the text of an exception."""

    def formatException(self, ei: object) -> str:  # noqa: N802  (the name is the library's)
        return without_personal_data(super().formatException(ei))  # type: ignore[arg-type]  # exc_info as logging passes it
