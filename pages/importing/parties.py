"""Which party a name stands for: by its words, by what it is short for, by how it is used.

`Parties.of(phrase)` answers for a subject such as "Schools and their governors"; what a sentence
obliges a party to do is in `duties.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# The words of the field, each with the kind of party it names. Longer names come first.
WORDS: tuple[tuple[str, str], ...] = (
    ("all", r"(?:both|all|each|every|either) (?:of the )?(?:part(?:y|ies)|partners?|sides?|signator(?:y|ies)|organisations?)"),
    ("all", r"the parties|all concerned|everyone"),
    ("school", r"(?:home|mainstream|referring|local|maintained) (?:school|academy|academie)s?"),
    ("commissioner", r"(?:local|education) authorit(?:y|ies)|LAs?\b|commissioning (?:partnership|body|organisation|service)s?|commissioners?"),
    ("commissioner", r"(?:\w+ )?(?:county|borough|city|district) council|council|partnerships?"),
    ("provider", r"alternative (?:education(?:al)? )?(?:provider|provision)s?|(?:tuition|education(?:al)?|commissioned|teaching) (?:provider|service)s?"),
    ("provider", r"(?:home |hospital |outreach )?(?:tutors?|tuition service|teaching (?:service|team))|hospital schools?|providers?|tutors?"),
    ("school", r"schools?|academ(?:y|ies)|colleges?|governors?|governing (?:board|body|bodies)|full governing board|head ?teachers?|principals?|SEN[DC]?COs?|heads? of school"),
    ("family", r"parents?|carers?|guardians?|famil(?:y|ies)|pupils?|students?|learners?|child(?:ren)?|young people"),
)  # fmt: skip
WORD = re.compile(
    "|".join(f"(?P<k{i}>\\b(?:{words})\\b)" for i, (_, words) in enumerate(WORDS)), re.I
)

# Words that may stand around a party's name without making the phrase about something else.
CONNECTORS = frozenset(
    """the a an each all every any both our their its his her this and or of with in who that as
    well together jointly staff senior named lead leads team teams appropriate respective
    participating commissioned relevant individual member members service also designated
    safeguarding office officers officer full""".split()
)

# Acronyms of the field that name a role, a paper or a body outside the agreement, never a party.
NOT_PARTIES = frozenset(
    """DSL DSLS DSP SLT DFE EHC EHCP EHCPS SEN SEND CAMHS NHS GDPR DBS ICT PSHE SLA KCSIE QA EP EPS
    IEP ILP LADO MASH OFSTED ALN""".split()
)

# Words that make a phrase more than a name, also with the capital of a sentence's beginning.
NOT_IN_NAMES = frozenset(
    """for if when where whenever at by to from on while during after before until unless once
    whatever this these it between""".split()
)

ACRONYM = r"[A-Z][A-Z&]{1,6}s?"
# One way to match each word, and a bound: anything else backtracks without end on capitals.
PROPER = r"[A-Z][\w’'&-]*(?:\s(?:of|and|for|the|&|[A-Z][\w’'&-]*)){0,8}"
MODAL = (
    r"(?:will|must|shall|should|agrees?(?: that (?:it|they) will| to)|undertakes? to|commits? to"
    r"|(?:is|are) (?:expected|required|obliged|asked) to|(?:is|are) responsible for|(?:needs?|has|have) to)"
)
NAMED_SUBJECT = re.compile(
    rf"(?:^|[.;,:]\s+|\bthat\s+)(?:[Tt]he )?(?P<name>{PROPER})(?:\s+staff)?\s+(?:\w+ly )?{MODAL}\b"
)
ACTING_ACRONYM = re.compile(
    rf"(?<!and )(?<!with )(?<!or )(?<!of )(?<!by )\b(?P<name>{ACRONYM}) (?:staff )?(?:will|must|shall|may|only|agrees?|expects?|commissions?|is expected|are expected)\b"
)
LEAD_LIKE = re.compile(rf"\b(?:{MODAL})\s*:$")

EXPANSION_SIGNS = (
    ("provider", 3, r"tuition|teaching|outreach|hospital|provision|provider|tutor|mentoring|learning cent|education service"),
    ("school", 3, r"\bschools?$|academy|academies|college"),
    ("commissioner", 3, r"partnership|council|authority|commission|inclusion|children.s services|trust board"),
    ("commissioner", 1, r"support service|service"),
)  # fmt: skip
USE_SIGNS = (
    ("commissioner", 4, r"\b{name} (?:\w+ )??(?:\w+ )??(?:commissions?|pays?|funds?)\b"),
    ("commissioner", 3, r"\binvoices? (?:the )?{name}\b"),
    ("provider", 2, r"(?:provision|tuition|service|support) (?:from|by|through) (?:the )?{name}\b"),
)
DUTY_SIGNS = (
    ("provider", r"tuition|tutor|teach|lessons?\b|educational provision|intervention|induction|qualification|invoice"),
    ("commissioner", r"\bpay\b|commission|select appropriate|allocate places?|referral documentation|place (?:pupils|learners)"),
    ("school", r"school roll|home school curriculum|school events|named person"),
)  # fmt: skip


@dataclass
class Parties:
    """The parties of one document: names met, the kind each stands for, and what is doubtful."""

    names: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)  # parties that the document gives duties to

    def mentions(self, phrase: str) -> list[tuple[int, int, str]]:
        """Return where parties are named in the phrase: start, end and kind, in order."""
        found = [
            (m.start(), m.end(), WORDS[int((m.lastgroup or "k0")[1:])][0])
            for m in WORD.finditer(phrase)
            if not re.fullmatch(r"LAs?", m[0], re.I) or m[0].startswith("LA")
        ]
        for name, kind in self.names.items():
            for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", phrase):
                found = [f for f in found if f[1] <= m.start() or f[0] >= m.end()]
                found.append((m.start(), m.end(), kind))
        return sorted(found)

    def of(self, phrase: str) -> str:
        """Return the party that the phrase names and nothing else, or "" if it is not a party."""
        phrase = re.sub(r"\([^()]*\)", " ", phrase).strip(" :*-–")
        found = self.mentions(phrase)
        if not found:
            return ""
        rest, at = "", 0
        for start, end, _ in found:
            rest, at = rest + phrase[at:start] + " ", end
        rest += phrase[at:]
        for word in re.findall(r"[\w’'&-]+", rest):
            known = word.lower() in CONNECTORS or word in ("’s", "'s")
            if not known and (not word[0].isupper() or word.lower() in NOT_IN_NAMES):
                return ""
        if re.search(r"[’']s?\s+[a-z]", rest) and not re.search(r"staff|lead|team", rest):
            return ""
        return _one([kind for _, _, kind in found])

    def other(self, party: str) -> str:
        """Return the opposite party where the document has exactly two, else ""."""
        rest = self.kinds - {party, "all", "family"}
        return rest.pop() if len(rest) == 1 and party not in ("all", "family") else ""

    def only(self) -> str:
        """Return the one party the document gives duties to, or "" if there are several."""
        rest = self.kinds - {"all", "family"}
        return next(iter(rest)) if len(rest) == 1 else ""


def _one(kinds: list[str]) -> str:
    """Return the single kind among several, or "all" where different parties are named."""
    unique = set(kinds)
    return unique.pop() if len(unique) == 1 else "all"


def find_names(texts: list[str]) -> list[str]:
    """Return the proper names and acronyms that the texts use as the subject of a duty."""
    known = Parties()
    names: list[str] = []
    for text in texts:
        for match in [*NAMED_SUBJECT.finditer(text), *ACTING_ACRONYM.finditer(text)]:
            name = re.sub(r"^(?:The|Each|All|Every|Any|Our)\s+", "", match["name"])
            is_acronym = re.fullmatch(ACRONYM, name) is not None
            several = len(name.split()) > 1 and all(
                word[0].isupper() or word in ("of", "and", "for", "the", "&")
                for word in name.split()
            )
            named = is_acronym or several and LEAD_LIKE.search(text)
            if named and name.upper() not in NOT_PARTIES and not known.of(name):
                names.append(name)
    return list(dict.fromkeys(names))


def expansion_of(name: str, texts: list[str]) -> str:
    """Return what the acronym is short for, from "Full Name (FN)" or from matching initials."""
    if not re.fullmatch(ACRONYM, name):
        return name
    for text in texts:
        if match := re.search(rf"((?:[\w’'&-]+\s+){{1,8}})\(\W*{re.escape(name)}\W*\)", text):
            words = match[1].split()
            while words and words[0][0].lower() != name[0].lower():
                words.pop(0)
            return " ".join(words)
    size = len(name)
    for text in texts:
        words = re.findall(r"[A-Za-z][\w’'-]*", text)
        for at in range(len(words) - size + 1):
            window = words[at : at + size]
            capitals = sum(word[0].isupper() for word in window)
            initials = "".join(word[0] for word in window).upper()
            if initials == name.upper() and capitals * 2 > size and window[0][0].isupper():
                return " ".join(window)
    return ""


def infer(name: str, texts: list[str], duties: list[str], opposite: set[str]) -> tuple[str, str]:
    """Return the kind of party that a name stands for, and a doubt ("" when the evidence is good).

    `duties` are the texts of its own duties, `opposite` the kinds of the other parties. The
    evidence is the name spelled out, the verbs used of it, its duties, and whom it agrees with.
    """
    full = expansion_of(name, texts)
    score = _score(name, full, "\n".join(texts), "\n".join(duties).lower(), opposite)
    ranked = sorted(score, key=lambda kind: -score[kind])
    best, second = ranked[0], ranked[1]
    if score[best] <= 0:
        return (
            "all",
            f"{name} is held to duties, but the document does not show what kind of party it is",
        )
    doubt = ""
    if not full:
        doubt = f"{name} is never spelled out; taken to be the {best}"
    elif score[best] < 3 or score[best] - score[second] < 2:
        doubt = f"{name} is taken to be the {best} on little evidence"
    return best, doubt


def _score(name: str, full: str, whole: str, own: str, opposite: set[str]) -> dict[str, int]:
    """Weigh the evidence for each kind: name spelled out, verbs, own duties, the other side."""
    score = {"provider": 0, "school": 0, "commissioner": 0}
    quoted = re.escape(name)
    for kind, weight, signs in EXPANSION_SIGNS:
        if re.search(signs, full, re.I):
            score[kind] += weight
            break
    for kind, weight, pattern in USE_SIGNS:
        if re.search(pattern.format(name=quoted), whole):
            score[kind] += weight
    for kind, signs in DUTY_SIGNS:
        score[kind] += min(3, len(set(re.findall(signs, own))))
    if "provider" in opposite:
        score["commissioner"] += 3
        score["provider"] -= 2
    elif opposite & {"school", "commissioner"}:
        score["provider"] += 2
    if "school" in opposite:
        score["school"] -= 3
    return score
