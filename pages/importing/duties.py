"""What a sentence obliges a party to: lead-ins of lists, duties in prose, duties of a heading.

All questions here are about one text at a time; what comes before and after it on the page is
the business of `recognising.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from .parties import MODAL, Parties
from .sentences import first_word

MODALS_READ = 6  # in one sentence; further ones stand in subordinate clauses
LONGEST_SUBJECT = 400  # characters; whatever is longer is not the name of a party
LONGEST_LEAD = 400  # characters

LEAD_END = re.compile(
    rf"^(?P<before>.*?)\s*\b(?P<modal>{MODAL})(?: therefore| also)?\s*[:;–-]*$", re.I
)
EXPECTED = re.compile(
    r"^(?:it|there) is (?:an expectation|expected|agreed|required|a requirement) that\s+", re.I
)
MODAL_IN = re.compile(rf"\s(?P<modal>{MODAL})\s", re.I)
ADVERBIAL = re.compile(
    r"^(?:in addition|additionally|therefore|however|also|further|furthermore|initially|finally"
    r"|where (?:appropriate|necessary|possible|requested)|as appropriate|at all times)[, ]+", re.I
)  # fmt: skip
CONDITIONAL = re.compile(
    r"^(?:whatever|whenever|if|when|where|once|unless|until|in|at|before|after|during|following|on|for|as|by|to)\b",
    re.I,
)
PASSIVE = re.compile(
    r"^(?:(?:\w+ly|also|then|only|always|normally) )*be (?:\w+ly )?(?:\w+(?:ed|en)|made|sent|kept|held|given|told|set|sought|paid|put|met|built|taught|undertaken)\b",
    re.I,
)
RECEIVES = re.compile(
    r"^(?:(?:\w+ly|also|then|only|always) )*be (?:\w+ly )?(?:informed|notified|told|given|sent|paid|asked|consulted|invited|contacted|offered|provided with|supported|kept informed|made aware|reimbursed)\b",
    re.I,
)
AGENT = re.compile(r"\bby (?:the |a |an |its |our )?(?P<agent>[^,.;()]+)")
DOCUMENT = re.compile(r"\b(?:policy|document|agreement|SLA|arrangements?|procedures?)\b", re.I)
ROLE = re.compile(
    r"\b(?:manager|lead|leader|officer|staff|teacher|co-?ordinator|team|head|panel|group|committee|principal|board|mentor|tutor|clerk)s?\b",
    re.I,
)
REQUIRED_OF = re.compile(r"\brequired (?:by|of|from) (?P<who>[^:;]+?)\s*[:;]$", re.I)
INCLUDES = re.compile(
    r"^(?:this|these|it|they)\s+(?:will|should|must|may|shall)?\s*(?:also )?includes?\b", re.I
)
ACCEPTANCE = re.compile(
    r"\b(?:by (?:completing|signing|accessing|referring|making|using)|in signing|signature below)\b.*\b(?:agree|agreeing|accept|accepting|confirm)\b",
    re.I,
)
READER_AGREES = re.compile(r"\b(?:you|we)(?: are| all)? agree(?:ing)? (?:to|that)\b", re.I)
READER = re.compile(
    r"\byou (?:are (?:urged|asked|expected|required|reminded)|must|should|will|need)\b|^please\b",
    re.I,
)
OF_PARTY = re.compile(
    r"^(?:the )?(?:responsibilit(?:y|ies)|dut(?:y|ies)|obligations?|roles?(?: and responsibilities)?|commitments?|expectations|requirements)"
    r" (?:of|for|on) (?P<who>.+)$",
    re.I,
)
PARTY_OF = re.compile(
    r"^(?P<who>.+?)[’']?s?[’']? (?:responsibilities|duties|obligations|commitments?|roles?)$", re.I
)
WHAT_PARTY_DOES = re.compile(
    rf"^what (?:(?:we|you) (?:can )?expect (?:of|from) (?P<of>.+)|(?P<who>.+?) (?:{MODAL})(?: do| provide)?)$",
    re.I,
)


@dataclass(frozen=True)
class Lead:
    """The words that put a party over what follows: "In such cases, the school will:"."""

    party: str
    name: str
    condition: str = ""
    known: bool = True


@dataclass(frozen=True)
class Duty:
    """A sentence's duty: whose it is ("" if it names nobody) and what is doubtful about that."""

    party: str
    doubt: str = ""


def lead_of(text: str, parties: Parties) -> Lead | None:
    """Read a text as the lead-in of a list of duties: a party, a modal verb and nothing more."""
    match = LEAD_END.match(text.strip()) if len(text) <= LONGEST_LEAD else None
    if not match:
        return None
    before = EXPECTED.sub("", ADVERBIAL.sub("", match["before"].strip()))
    if not before:
        return None
    condition, name = "", before
    if not parties.of(before) and "," in before:
        condition, _, name = before.rpartition(",")
        name = EXPECTED.sub("", name.strip())
    party = parties.of(name)
    name = re.sub(r"^the\s+", "", name.strip(), flags=re.I)
    if party:
        return Lead(party, name[:1].upper() + name[1:], condition.strip())
    pronoun = re.match(r"(?:this|it|these|they|that|there)\b", name, re.I)
    if 0 < len(name.split()) <= 5 and not pronoun and not DOCUMENT.search(name):
        return Lead("", name[:1].upper() + name[1:], condition.strip(), known=False)
    return None


def heading_lead(text: str, parties: Parties) -> Lead | None:
    """Read a heading as naming the party of what stands under it: "Duties of the school"."""
    text = text.strip(" :")
    if lead := lead_of(text, parties):
        return lead if lead.known else None
    for pattern in (OF_PARTY, PARTY_OF, WHAT_PARTY_DOES):
        if match := pattern.match(text):
            who = next(
                (match[group] for group in ("who", "of") if match.groupdict().get(group)), ""
            )
            if party := parties.of(who):
                return Lead(party, text)
    if len(text.split()) <= 5 and (party := parties.of(text)) and party != "family":
        return Lead(party, text)
    return None


def duty_of(sentence: str, parties: Parties, standing: str = "") -> Duty | None:
    """Find whose duty a sentence of prose states; None if it states none.

    `standing` is the party of the section or the document, for promises that name nobody.
    """
    text = sentence.strip().rstrip(":")
    match = re.match(r"^(?:the )?(?P<who>[\w’'& /-]+?) expects? (?P<rest>.+)$", text, re.I)
    if match and (expecting := parties.of(match["who"])):
        return _expected_by(expecting, match["rest"], parties)
    expected = EXPECTED.match(text)
    text = ADVERBIAL.sub("", EXPECTED.sub("", text))
    if expected and (start := _subject_at_start(text, parties)):
        return Duty(start[0])
    for modal in islice(MODAL_IN.finditer(text), MODALS_READ):
        before, after = text[: modal.start()], text[modal.end() :]
        if re.match(r"not be (?:responsible|liable)\b", after):
            continue
        if duty := _with_modal(before, after, parties, standing):
            return duty
    return None


def _with_modal(before: str, after: str, parties: Parties, standing: str) -> Duty | None:
    subject = before.rpartition(",")[2].strip() if CONDITIONAL.match(before) else before.strip()
    subject = subject[:LONGEST_SUBJECT]
    party = parties.of(subject)
    if not party and (start := _subject_at_start(subject, parties)):
        party = start[0]
    if not party and CONDITIONAL.match(subject):
        # "Whatever the case ABC only ... and will": no comma, so the first proper name acts.
        named = [m for m in parties.mentions(subject) if subject[m[0] : m[1]] in parties.names]
        party = named[0][2] if named else ""
    if PASSIVE.match(after):
        agent = _agent(after, parties)
        if agent:
            return Duty(agent)
        if party and not RECEIVES.match(after):
            return Duty(party)
        other = parties.other(party) if party else ""
        taken = other or standing
        if party and not taken:
            return Duty("", f"says what is done for the {party}, not who does it")
        why = "the sentence does not say who does it" + (
            f"; taken to be the {taken}" if taken else ""
        )
        return Duty(taken, why)
    if party:
        return Duty(party) if party != "family" or re.match(r"be\b", after) is None else None
    if (
        ROLE.search(subject)
        and not DOCUMENT.search(subject)
        and not re.match(r"(?:this|it|these)\b", subject, re.I)
        and len(subject.split()) <= 14
    ):
        taken = f"; taken to be the {standing}" if standing else ""
        return Duty(standing, f"the person or group named is not one of the parties{taken}")
    return None


def _subject_at_start(text: str, parties: Parties) -> tuple[str, int] | None:
    """Return the party with whose name the text begins, where a verb or adverb follows it."""
    best = None
    for _, end, _ in parties.mentions(text):
        head = text[:end]
        if (party := parties.of(head)) and not re.match(r"[’'](?:s|(?=\s))\s*\w|-\w", text[end:]):
            rest = text[end:].strip()
            if not rest or re.match(
                r"(?:only|also|and|or|who|which|that|staff|\w+ly|\w+s|\(|,)\b|[(,]", rest
            ):
                best = (party, end)
    return best


def _agent(after: str, parties: Parties) -> str:
    for match in AGENT.finditer(after):
        words = match["agent"].split()
        for size in range(min(len(words), 8), 0, -1):
            if party := parties.of(" ".join(words[:size])):
                return "" if party == "family" else party
    return ""


def _expected_by(expecting: str, rest: str, parties: Parties) -> Duty | None:
    """Read "X expects to be told ..." or "X expects Y to ...": a duty, but not of X."""
    match = re.match(r"(?:that )?(?P<who>.+?) (?:to|will)\s", rest)
    if match and (party := parties.of(match["who"])):
        return Duty(party)
    if re.match(r"to be \w+", rest):
        other = parties.other(expecting)
        why = "an expectation that names only who has it"
        return Duty(other, f"{why}; taken to be a duty of the {other}" if other else why)
    return None


def labelled(text: str, parties: Parties) -> tuple[str, int] | None:
    """Read "Provider: sends the register": the party and where its duty begins."""
    match = re.match(r"^(?P<who>[^:]{2,60}):\s+(?=\S)", text)
    if match and len(match["who"].split()) <= 6 and (party := parties.of(match["who"])):
        return party, match.end()
    return None


def leads_to_acts(text: str) -> bool:
    """Say whether a text that introduces a list ends in "to:", so that each item is an act."""
    return re.search(r"\bto\s*:$", text) is not None and first_word(text) != ""
