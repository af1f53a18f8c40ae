"""What a partnership asks before its administrators have changed anything."""

from __future__ import annotations

from typing import Any, Final


def _long(key: str, label: str, *, hint: str = "", required: bool = True) -> dict[str, Any]:
    return {"key": key, "label": label, "help": hint, "kind": "long_text", "required": required}


STANDARD: Final[dict[str, Any]] = {
    "sections": [
        {
            "key": "profile",
            "title": "Reason and profile",
            "help": "",
            "questions": [
                _long("reason", "Why are you referring the pupil?"),
                _long("needs", "What are the pupil’s needs?"),
                _long("strengths", "What are the pupil’s strengths?"),
                _long(
                    "aptitudes",
                    "What does the pupil enjoy and do well?",
                    hint="Interests, talents",
                    required=False,
                ),
                _long("behaviour", "How does the pupil behave, and what helps?"),
                _long("potential", "What could the pupil achieve?", required=False),
                _long(
                    "working_at",
                    "What grades or levels is the pupil working at?",
                    hint="By subject",
                ),
            ],
        },
        {
            "key": "views",
            "title": "What was tried first, and views",
            "help": "",
            "questions": [
                _long(
                    "tried_first",
                    "What has the school tried first?",
                    hint="With dates, and how the school has kept in touch with the family",
                ),
                _long("pupil_views", "What does the pupil say?"),
                _long("parent_views", "What do the parents or carers say?"),
            ],
        },
    ]
}
