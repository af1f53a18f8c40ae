"""The demonstration's organisations and people: invented, but plausible.

One local authority, five partnerships (each with its agreement), their schools, and providers listed
in one or more partnerships' directories.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.demonstration import texts

LOCAL_AUTHORITY = ("Wexmoor County Council", "Wexmoor")


@dataclass(frozen=True)
class PartnershipPlace:
    """A partnership: its names, colour, agreement, acceptance mode, schools and providers."""

    name: str
    short_name: str
    colour: str
    agreement: texts.AgreementText
    mode: str
    schools: tuple[str, ...]
    providers: tuple[str, ...]


PARTNERSHIPS: tuple[PartnershipPlace, ...] = (
    PartnershipPlace(
        "Harrow Vale Health and Education Partnership",
        "Harrow Vale",
        "#1d5c63",
        texts.OUTREACH,
        "signature",
        ("St Brannoc's High School", "Harrow Vale Academy", "Thornbury Lane School"),
        ("Lantern Hospital School", "Bridge Outreach Teaching"),
    ),
    PartnershipPlace(
        "Kestrel Coast Partnership",
        "Kestrel Coast",
        "#003d7c",
        texts.HOME_TUITION,
        "implied",
        ("Kestrel Bay School", "Saltmarsh Community College", "Our Lady's RC High School"),
        ("Home Lessons Wexmoor", "Bridge Outreach Teaching"),
    ),
    PartnershipPlace(
        "Millrace Towns Support Partnership",
        "Millrace Towns",
        "#6a1b5d",
        texts.ALTERNATIVE_EDUCATION,
        "signature",
        ("Millrace Academy", "Weaver Street School", "Canal Side High School"),
        ("Forge Lane Skills", "Greenacre Farm Learning"),
    ),
    PartnershipPlace(
        "Upper Dene Schools Partnership",
        "Upper Dene",
        "#7a3b00",
        texts.HEALTH_NEEDS,
        "signature",
        ("Dene Valley School", "Fellside High School", "Priory Park Academy"),
        ("Lantern Hospital School", "Home Lessons Wexmoor"),
    ),
    PartnershipPlace(
        "South Wexmoor Inclusion Partnership",
        "South Wexmoor",
        "#2f5d1e",
        texts.INCLUSION,
        "at_commissioning",
        ("Southgate School", "Oakfield Park School", "King Alfred's College"),
        ("Forge Lane Skills", "Second Wind Boxing and Learning", "Greenacre Farm Learning"),
    ),
)

PROVIDERS: tuple[str, ...] = tuple(
    sorted({provider for place in PARTNERSHIPS for provider in place.providers})
)

FIRST_NAMES: tuple[str, ...] = (
    "Aaliyah", "Aidan", "Amara", "Ben", "Caitlin", "Callum", "Chloe", "Daniel", "Dilan", "Ebony",
    "Eleri", "Ethan", "Farah", "Finn", "Freya", "Gabriel", "Grace", "Hamza", "Hannah", "Imogen",
    "Isaac", "Jasmin", "Jayden", "Kasia", "Keira", "Leo", "Lottie", "Malachi", "Maya", "Mihai",
    "Niamh", "Noah", "Oluwaseun", "Oscar", "Poppy", "Qasim", "Rhys", "Rosa", "Saoirse", "Tariq",
)  # fmt: skip

LAST_NAMES: tuple[str, ...] = (
    "Abbott", "Ahmed", "Barker", "Begum", "Chowdhury", "Clarke", "D'Arcy", "Dawson", "Edwards",
    "Fernandes", "Fletcher", "Ghosh", "Harris", "Hughes", "Ibrahim", "Jarvis", "Kaur", "Kowalski",
    "Lloyd", "MacDonald", "Mensah", "Nowak", "O'Brien", "O'Sullivan", "Okafor", "Patel", "Popescu",
    "Quinn", "Rahman", "Shaw", "Smith-Jones", "Taylor", "Umar", "Varga", "Walker", "Young",
)  # fmt: skip
