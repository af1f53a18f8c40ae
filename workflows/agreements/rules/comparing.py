"""Two texts side by side: what was added, removed, moved, reworded, and which numbers changed."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from workflows.agreements import measures
from workflows.agreements.rules.changes import (
    ClauseChange,
    Comparison,
    FactChange,
    NumberChange,
    SectionChange,
)
from workflows.agreements.rules.texts import Content, clauses_of
from workflows.agreements.rules.wording import Piece, words
from workflows.agreements.states import Kind, Mode, Party

# What a text says of itself besides its sections, in the order in which a reader is told.
_FACTS: Final[dict[str, str]] = {
    "title": "Title",
    "kind": "Kind",
    "mode": "How it is accepted",
    "scope": "What an acceptance is for",
    "asks_safeguarding_lead": "Asks for the safeguarding lead",
    "places_while_reserved": "Pupils may be placed while a clause is reserved",
    "language": "Language",
    "issued_date": "Date of issue",
    "review_date": "Review date",
    "intro": "Introduction",
    "approval": "Review and approval",
    "data_sharing": "Data sharing",
    "shared": "Shared text it stands on",
}
# The same for a clause, besides its party, words and numbers.
_DETAILS: Final[dict[str, str]] = {
    "printed_number": "Number",
    "legal_reference": "Legal reference",
    "legal_editions": "Legislation and guidance",
    "see": "See also",
    "shared": "Shared wording it varies",
    "is_local": "Added locally",
}
_OF_A_SECTION: Final[dict[str, str]] = {"left_out": "Left out of the shared text"}
_SHOWN_OF_SECTIONS: Final = frozenset({"heading", "intro", "clauses"})
_OF_ITS_OWN: Final = frozenset({"clause_id", "party", "text", "terms"})


def compare(before: Content, after: Content) -> Comparison:
    """Compare two normalised contents clause by clause; clauses are matched by their ids."""
    old = {clause["clause_id"]: clause for _, clause in clauses_of(before)}
    new = {clause["clause_id"]: clause for _, clause in clauses_of(after)}
    names = {**_names(before), **_names(after)}
    pairs = _matched_sections(before["sections"], after["sections"])
    moved = _moved(before, after, pairs)
    ordered = sorted(pairs)
    in_place = _longest_rising([pairs[number] for number in ordered])
    sections: list[SectionChange] = []
    for number, section in enumerate(after["sections"]):
        match = pairs.get(number)
        former = None if match is None else before["sections"][match]
        clauses = [
            _clause(old.get(clause["clause_id"]), clause, moved.get(clause["clause_id"]), names)
            for clause in section["clauses"]
        ]
        if former is not None:
            _put_back(clauses, former["clauses"], new)
        sections.append(
            SectionChange(
                heading=words(former["heading"] if former else "", section["heading"]),
                intro=words(former["intro"] if former else "", section["intro"]),
                clauses=tuple(clauses),
                presence="both" if former is not None else "added",
                is_moved=number in pairs and ordered.index(number) not in in_place,
                details=tuple(
                    _differences(former or {}, section, _OF_A_SECTION, _SHOWN_OF_SECTIONS, names)
                ),
            )
        )
    _put_back_sections(sections, before, pairs, new)
    return Comparison(
        facts=tuple(_differences(before, after, _FACTS, frozenset({"sections"}), names)),
        numbers=_numbers(_terms(before), _terms(after)),
        sections=tuple(sections),
    )


def _names(content: Content) -> dict[str, str]:
    return {
        clause["clause_id"]: f"{clause['printed_number']} {heading}".strip()
        for heading, clause in clauses_of(content)
    }


def _matched_sections(before: list[Content], after: list[Content]) -> dict[int, int]:
    """Match sections of the new text to those of the old: by the clauses they share, or by name."""
    places = {
        clause["clause_id"]: number
        for number, section in enumerate(before)
        for clause in section["clauses"]
    }
    shared: dict[tuple[int, int], int] = {}
    for number, section in enumerate(after):
        for clause in section["clauses"]:
            if (place := places.get(clause["clause_id"])) is not None:
                shared[number, place] = shared.get((number, place), 0) + 1
    for number, section in enumerate(after):
        for place, former in enumerate(before):
            if section["heading"] == former["heading"]:
                # The same heading outweighs any number of clauses carried elsewhere.
                shared[number, place] = shared.get((number, place), 0) + len(places) + 1
    pairs: dict[int, int] = {}
    for (number, place), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if number not in pairs and place not in pairs.values():
            pairs[number] = place
    return pairs


def _moved(before: Content, after: Content, pairs: Mapping[int, int]) -> dict[str, str]:
    """Give the clauses that were moved, with the heading they stood under.

    The fewest that explain the new order: whoever moves one clause to the end has not moved all
    the others.
    """
    stood = {
        clause["clause_id"]: (place, position)
        for place, section in enumerate(before["sections"])
        for position, clause in enumerate(section["clauses"])
    }
    moved: dict[str, str] = {}
    for number, section in enumerate(after["sections"]):
        found = [
            (clause["clause_id"], *stood[clause["clause_id"]])
            for clause in section["clauses"]
            if clause["clause_id"] in stood
        ]
        stayed = [(code, position) for code, place, position in found if pairs.get(number) == place]
        kept = _longest_rising([position for _, position in stayed])
        in_place = {code for index, (code, _) in enumerate(stayed) if index in kept}
        for code, place, _ in found:
            if code not in in_place:
                moved[code] = before["sections"][place]["heading"]
    return moved


def _longest_rising(numbers: list[int]) -> set[int]:
    """Give the places of a longest rising run through distinct numbers (patience sorting)."""
    tails: list[int] = []
    places: list[int] = []
    previous: list[int | None] = []
    for place, number in enumerate(numbers):
        at = bisect_left(tails, number)
        previous.append(places[at - 1] if at else None)
        tails[at : at + 1] = [number]
        places[at : at + 1] = [place]
    kept: set[int] = set()
    step = places[-1] if places else None
    while step is not None:
        kept.add(step)
        step = previous[step]
    return kept


def _clause(
    before: Content | None, after: Content, moved_from: str | None, names: Mapping[str, str]
) -> ClauseChange:
    if before is None:
        return _alone(after, "added")
    party_before, party = before["party"], after["party"]
    return ClauseChange(
        clause_id=after["clause_id"],
        printed_number=after["printed_number"],
        party_label=_party(party),
        words=words(before["text"], after["text"]),
        moved_from=moved_from,
        party_before=_party(party_before) if party_before != party else None,
        numbers=_numbers(_own_terms(before), _own_terms(after)),
        details=tuple(_differences(before, after, _DETAILS, _OF_ITS_OWN, names)),
    )


def _alone(clause: Content, presence: Literal["added", "removed"]) -> ClauseChange:
    return ClauseChange(
        clause_id=clause["clause_id"],
        printed_number=clause["printed_number"],
        party_label=_party(clause["party"]),
        words=(Piece(presence, clause["text"]),),
        presence=presence,
        terms=tuple(
            measures.sentence(term["measure"], Decimal(term["value"]), term["unit"])
            for term in clause["terms"]
        ),
    )


def _put_back(
    clauses: list[ClauseChange], former: list[Content], new: Mapping[str, Content]
) -> None:
    """Put the clauses that went after the one they followed."""
    after: str | None = None
    for clause in former:
        if clause["clause_id"] not in new:
            places = [change.clause_id for change in clauses]
            at = places.index(after) + 1 if after in places else 0
            clauses.insert(at, _alone(clause, "removed"))
        after = clause["clause_id"]


def _put_back_sections(
    sections: list[SectionChange],
    before: Content,
    pairs: Mapping[int, int],
    new: Mapping[str, Content],
) -> None:
    """Put the sections that went after the one they followed."""
    order = [pairs.get(number) for number in range(len(sections))]
    for place, section in enumerate(before["sections"]):
        if place in order:
            continue
        at = order.index(place - 1) + 1 if place else 0
        gone = [clause for clause in section["clauses"] if clause["clause_id"] not in new]
        order.insert(at, place)
        sections.insert(
            at,
            SectionChange(
                heading=words(section["heading"], ""),
                intro=words(section["intro"], ""),
                clauses=tuple(_alone(clause, "removed") for clause in gone),
                presence="removed",
            ),
        )


Terms = Mapping[str, tuple[str, str]]


def _own_terms(clause: Content) -> Terms:
    return {term["measure"]: (term["value"], term["unit"]) for term in clause["terms"]}


def _terms(content: Content) -> Terms:
    return {
        code: said for _, clause in clauses_of(content) for code, said in _own_terms(clause).items()
    }


def _numbers(before: Terms, after: Terms) -> tuple[NumberChange, ...]:
    return tuple(
        NumberChange(
            measure=code,
            label=measures.REGISTER[code].label if code in measures.REGISTER else code,
            before=_in_words(before.get(code)),
            after=_in_words(after.get(code)),
        )
        for code in (*before, *(code for code in after if code not in before))
        if before.get(code) != after.get(code)
    )


def _in_words(said: tuple[str, str] | None) -> str | None:
    return None if said is None else measures.in_words(Decimal(said[0]), said[1])


def _differences(
    before: Content,
    after: Content,
    labels: Mapping[str, str],
    leave_out: frozenset[str],
    names: Mapping[str, str],
) -> Iterator[FactChange]:
    """Give what differs besides words and numbers, also under a key that has no label here."""
    keys = [*labels, *sorted((before.keys() | after.keys()) - labels.keys() - leave_out)]
    for key in keys:
        was, now = before.get(key), after.get(key)
        if was == now or not (was or now):
            continue
        label = labels.get(key) or key.replace("_", " ").capitalize()
        yield FactChange(label, words(_said(key, was, names), _said(key, now, names)))


def _said(key: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value == "":
        return ""
    if value is True or value is False:
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        if "measure" in value:
            return measures.sentence(value["measure"], Decimal(value["value"]), value["unit"])
        if key == "left_out":
            said_there = f"{value.get('printed_number', '')} {value.get('text', '')}".strip()
            return f"{said_there} ({value['why']})" if value.get("why") else said_there
        if key == "shared" and "number" in value:
            return f"{value.get('title', '')}, version {value['number']}"
        said = ((name, _said(name, part, names)) for name, part in value.items())
        return "\n".join(f"{name.replace('_', ' ').capitalize()}: {part}" for name, part in said)
    if isinstance(value, list | tuple):
        return "; ".join(_said(key, part, names) for part in value)
    if key == "kind" and value in Kind.values:
        return str(Kind(value).label)
    if key == "mode" and value in Mode.values:
        return str(Mode(value).label)
    return names.get(value, str(value)) if key == "see" else str(value)


def _party(code: str) -> str:
    return str(Party(code).label) if code in Party.values else code
