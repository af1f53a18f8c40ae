"""Report on an import: what was found, what is doubtful, and that no line was lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .records import FATES, ImportedAgreement


@dataclass(frozen=True)
class Report:
    """The report on one imported agreement, for a machine and for a person."""

    agreement: ImportedAgreement

    def as_dict(self) -> dict[str, object]:
        """Return the report as one object of plain values, ready for JSON."""
        agreement = self.agreement
        return {
            "sections": len(agreement.sections),
            "clauses": dict(Counter(clause.party for clause in agreement.clauses)),
            "terms": [
                {
                    "measure": term.measure,
                    "value": term.value,
                    "unit": term.unit,
                    "words": term.words,
                    "line": clause.line_from,
                }
                for clause in agreement.clauses
                for term in clause.terms
            ],
            "doubts": [
                {"line": doubt.line_from, "text": doubt.text, "why": doubt.why}
                for doubt in agreement.doubts
            ],
            "lines": agreement.lines,
            "lines_accounted": sum(
                agreement.account.get(line) in FATES for line in range(1, agreement.lines + 1)
            ),
        }

    def as_text(self) -> str:
        """Return the report for reading in a terminal."""
        agreement, numbers = self.agreement, self.as_dict()
        out = [agreement.title or "(no title)"]
        if agreement.issued:
            out.append(f"Issued: {agreement.issued}")
        out.append(f"Sections: {len(agreement.sections)}")
        out += [f"  {part.heading}: {len(part.clauses)} clauses" for part in agreement.sections]
        clauses = Counter(clause.party for clause in agreement.clauses)
        out.append("Clauses: " + (", ".join(f"{n} {p}" for p, n in clauses.items()) or "none"))
        out.append(f"Terms proposed: {sum(len(clause.terms) for clause in agreement.clauses)}")
        for clause in agreement.clauses:
            for term in clause.terms:
                words = f"  line {clause.line_from}: {term.measure} = {term.value} {term.unit}"
                out.append(f"{words} (“{term.words}”)")
        if agreement.signatures:
            out.append("Signed by: " + "; ".join(agreement.signatures))
        out.append(f"Doubts for an editor to settle: {len(agreement.doubts)}")
        out += [f"  line {d.line_from}: {d.why}: {_short(d.text)}" for d in agreement.doubts]
        out.append(f"Lines read: {numbers['lines']}, accounted for: {numbers['lines_accounted']}")
        fates = Counter(agreement.account.values())
        out.append("  " + ", ".join(f"{fates[fate]} {fate}" for fate in FATES if fates[fate]))
        return "\n".join(out)


def report(agreement: ImportedAgreement) -> Report:
    """Return the report on an imported agreement."""
    return Report(agreement)


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:67].rstrip()}..."
