"""What anybody meets on the public pages: duties of one party, addresses that last, copies to keep."""

import io
import json
import re
from typing import Any

import pypdf
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from permissions.roles import Role
from tests.factories import PartnershipFactory
from tests.factories import pages as make
from tests.factories.agreements import accept, clause_id, make_agreement, publish, text
from tests.factories.cases import Area
from workflows.agreements import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return Area()


def read(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html5lib")


def shown_and_folded(soup: BeautifulSoup) -> tuple[set[str], set[str]]:
    """Return the ids of the clauses that are shown in full, and of those folded away."""
    folded = {str(item["id"]) for item in soup.select("details li[id^=clause-]")}
    return {str(item["id"]) for item in soup.select("li[id^=clause-]")} - folded, folded


# --- What we must do ------------------------------------------------------------------------------


def test_anybody_sees_the_whole_text_and_may_narrow_it_to_one_party(client: Client) -> None:
    page = make.publish(make.make_page(PartnershipFactory()))
    whole = read(client.get(page.url))
    shown, folded = shown_and_folded(whole)
    assert (len(shown), folded) == (3, set())
    link = whole.find("a", string=re.compile(r"^School \(1\)"))
    assert link is not None

    narrowed = read(client.get(page.url + str(link["href"])))
    shown, folded = shown_and_folded(narrowed)
    assert shown == {f"clause-{clause_id(3)}"}
    assert len(folded) == 2
    assert "1 of 3 clauses" in narrowed.get_text(" ")
    # Sent by somebody who made it up: the whole text.
    shown, folded = shown_and_folded(read(client.get(f"{page.url}?party=nonsense")))
    assert (len(shown), folded) == (3, set())


def test_a_party_sees_first_what_it_must_do_itself(client: Client, area: Area) -> None:
    page = make.publish(make.make_page(area.partnership))
    agreement = page.agreement()
    assert agreement is not None
    accept(agreement, area.provider)
    client.force_login(area.person(Role.SIGNATORY, area.provider))
    soup = read(client.get(page.url))
    shown, folded = shown_and_folded(soup)
    assert (len(shown), len(folded)) == (2, 1)
    assert "These are your duties" in soup.get_text(" ")
    shown, folded = shown_and_folded(read(client.get(f"{page.url}?party=all")))
    assert (len(shown), folded) == (3, set())
    # Nobody else's organisation, nobody else's choice.
    client.force_login(area.person(Role.OFFICER))
    assert shown_and_folded(read(client.get(page.url)))[1] == set()


# --- Addresses that last --------------------------------------------------------------------------


def test_the_address_of_a_clause_leads_to_where_it_is_now(client: Client) -> None:
    page = make.publish(make.make_page(PartnershipFactory()))
    address = reverse("pages:clause", args=[clause_id(2)])
    assert address in client.get(page.url).content.decode()
    anchor = f"?party=all#clause-{clause_id(2)}"
    assert client.get(address).headers["Location"] == page.url + anchor

    moved = make.section("Later", make.clause(1, "Teach."), make.clause(2, "Review it."))
    page = make.publish(make.change(page, sections=moved))
    assert client.get(address).headers["Location"] == page.url + anchor

    # Removed: the last version that had it.
    page = make.publish(make.change(page, sections=make.section("Later", make.clause(1))))
    agreement = page.agreement()
    assert agreement is not None
    second = reverse("agreements:version", args=[agreement.pk, 2])
    assert client.get(address).headers["Location"] == second + anchor
    assert f'id="clause-{clause_id(2)}"' in client.get(second).content.decode()

    # Withdrawn: likewise for what was in force until then.
    page.unpublish()
    third = reverse("agreements:version", args=[agreement.pk, 3])
    first_clause = reverse("pages:clause", args=[clause_id(1)])
    assert client.get(first_clause).headers["Location"].startswith(third)


def test_the_address_of_no_clause_is_not_found(client: Client) -> None:
    draft = make.make_page(PartnershipFactory())
    assert draft.sections
    assert client.get(reverse("pages:clause", args=[clause_id(1)])).status_code == 404
    assert client.get("/clauses/1/").status_code == 404


def test_a_clause_of_several_agreements_asks_which_is_meant(client: Client) -> None:
    first = make_agreement(PartnershipFactory(), title="Northern agreement")
    second = make_agreement(PartnershipFactory(), title="Southern agreement")
    soup = read(client.get(reverse("pages:clause", args=[clause_id(1)])))
    links = [str(link["href"]) for link in soup.select("main a")]
    assert [link.split("?")[0] for link in links] == [
        reverse("agreements:version", args=[one.pk, 1]) for one in (first, second)
    ]


# --- Copies ---------------------------------------------------------------------------------------


def test_every_version_is_a_tagged_pdf_with_its_clauses_and_its_hash(client: Client) -> None:
    agreement = make_agreement(PartnershipFactory(), title="A & B <agreement>")
    publish(agreement, text(title="A & B <agreement>", wording="Do better"))
    for version in agreement.versions.all():
        address = reverse("agreements:version_pdf", args=[agreement.pk, version.number])
        assert (
            address
            in client.get(
                reverse("agreements:version", args=[agreement.pk, version.number])
            ).content.decode()
        )
        response = client.get(address)
        assert response["Content-Type"] == "application/pdf"
        assert response["Cache-Control"] == "public, max-age=60"
        document = pypdf.PdfReader(io.BytesIO(response.content))
        catalogue: Any = document.trailer["/Root"]
        assert catalogue["/MarkInfo"]["/Marked"]
        assert catalogue["/Lang"] == "en-GB"
        assert "/StructTreeRoot" in catalogue
        assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
        assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", catalogue["/Metadata"].get_data())
        assert document.metadata is not None
        assert document.metadata.title == "A & B <agreement>"
        words = " ".join(page.extract_text() for page in document.pages)
        flat = re.sub(r"\s+", "", words)
        for clause in version.clauses.all():
            assert re.sub(r"\s+", "", clause.text) in flat
            assert str(clause.clause_id) in flat
        assert version.sha256 in flat
        headings = [str(kind) for kind in _kinds(catalogue["/StructTreeRoot"])]
        assert {"/H1", "/H2", "/Table", "/P"} <= set(headings)
    assert client.get(reverse("agreements:version_pdf", args=[agreement.pk, 9])).status_code == 404


def _kinds(element: Any) -> list[Any]:
    """Return what every element of a PDF's structure is."""
    element = element.get_object()
    if not isinstance(element, dict):
        return [kind for child in element for kind in _kinds(child)] if _is_list(element) else []
    found = [element["/S"]] if "/S" in element else []
    return found + (_kinds(element["/K"]) if "/K" in element else [])


def _is_list(element: Any) -> bool:
    return isinstance(element, list)


def test_a_text_describes_itself_to_machines_and_runs_nothing(client: Client) -> None:
    title = "</script><script>alert(1)</script> & Co"
    page = make.publish(make.make_page(PartnershipFactory(), title=title, slug="odd"))
    response = client.get(page.url)
    found = read(response).select("script[type='application/ld+json']")
    described = json.loads(str(found[0].string))
    version = queries.version_in_force(page.agreement())  # type: ignore[arg-type]  # published above
    assert version is not None
    assert described["name"] == title
    assert described["identifier"] == f"sha256:{version.sha256}"
    assert described["version"] == 1
    assert described["inLanguage"] == "en"
    assert [part["name"] for part in described["hasPart"]] == ["Teaching", "School life"]
    assert described["encoding"]["contentUrl"].startswith("http://testserver/agreements/")
    assert len(read(response).find_all("script", string=re.compile("alert"))) == 1
    assert read(response).find_all("script", string="alert(1)") == []


def test_a_text_in_another_language_says_so(client: Client) -> None:
    agreement = make_agreement(PartnershipFactory())
    version = publish(agreement, text(wording="Gwneud", language="cy"))
    soup = read(client.get(reverse("agreements:version", args=[agreement.pk, version.number])))
    clause = soup.select_one(f"#clause-{clause_id(1)} [lang=cy]")
    assert clause is not None
    assert "Gwneud" in clause.get_text()
    heading = soup.find("h1")
    assert heading is not None
    assert heading["lang"] == "cy"


def test_what_is_printed_says_its_version_on_every_page(client: Client) -> None:
    page = make.publish(make.make_page(PartnershipFactory()))
    soup = read(client.get(page.url))
    foot = soup.select_one(".accord-printed > .accord-printed__foot")
    assert foot is not None
    version = queries.version_in_force(page.agreement())  # type: ignore[arg-type]  # published above
    assert version is not None
    assert version.sha256 in foot.get_text()
    assert f"Clause id {clause_id(1)}" in soup.get_text(" ")


# --- Copies in between ----------------------------------------------------------------------------


def test_a_public_page_is_kept_for_a_minute_and_new_once_published(client: Client) -> None:
    page = make.publish(make.make_page(PartnershipFactory()))
    assert client.get(page.url)["Cache-Control"] == "public, max-age=60"
    make.publish(make.change(page, sections=make.section("New", make.clause(1, "Anew."))))
    assert "Anew." in client.get(page.url).content.decode()
    client.force_login(Area().person(Role.OFFICER))
    assert client.get(page.url)["Cache-Control"] == "private, no-store"
