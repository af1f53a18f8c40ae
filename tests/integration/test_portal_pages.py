"""The shell around every process: addresses, caching, colours, refusals, and what nobody may see."""

from __future__ import annotations

import io
import re
import tarfile
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.urls import reverse

from pages import access
from permissions.exceptions import NotAllowed, NotPermitted
from permissions.models import User
from portal import refusals
from tests.factories.permissions import (
    PASSWORD,
    PartnershipFactory,
    SchoolFactory,
    UserFactory,
    member,
)
from workflows.engine.exceptions import AlreadyDone, Busy

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = ("/", "/accessibility/", "/privacy/", "/search/", "/sign-in/", "/forgot-password/")
FOR_PEOPLE = ("/dashboard/", "/jobs/", "/tasks/")


@pytest.fixture
def signed_in(client: Client) -> Client:
    """Return the browser of somebody who is a referrer in one school."""
    client.force_login(member("referrer", SchoolFactory.create()))
    return client


@pytest.fixture(autouse=True)
def home_page() -> None:
    """Have the home page that `migrate` and the demonstration make."""
    access.home()


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_public_pages_open_for_everybody(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html5lib")
    assert page.html is not None
    assert page.html["lang"] == "en-GB"
    assert len(page.select("h1")) == 1
    assert page.select('a.govuk-skip-link[href="#main-content"]')
    assert page.select("main#main-content")
    assert page.title is not None
    assert page.title.get_text().strip().endswith("– Accord")
    footer = {link["href"] for link in page.select("footer a")}
    assert {"/accessibility/", "/privacy/", "/source/"} <= footer


@pytest.mark.parametrize("path", [*OPEN_TO_ALL, "/nothing-here/"])
def test_no_page_has_a_script_or_style_inside_it(client: Client, path: str) -> None:
    page = BeautifulSoup(client.get(path).content, "html5lib")
    assert not page.select("style, [style]")
    assert all(script.get("src") for script in page.select("script"))
    assert not [tag for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)]


@pytest.mark.parametrize("path", FOR_PEOPLE)
def test_other_pages_ask_to_sign_in_and_lead_back(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/sign-in/?next={path}"
    user = UserFactory.create(email="ana@school.example")
    after = client.post(response["Location"], {"username": user.email, "password": PASSWORD})
    assert after.status_code == 302
    assert after["Location"] == path


def test_editors_sign_in_where_everybody_does(client: Client) -> None:
    response = client.get("/editors/pages/", follow=True)
    assert response.redirect_chain[-1][0] == "/sign-in/?next=/editors/pages/"


def test_editors_are_not_led_to_another_site(client: Client) -> None:
    response = client.get("/editors/login/?next=https://evil.example/")
    assert response["Location"] == "/sign-in/?next=/editors/"


# --- Caching ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/accessibility/", "/privacy/"])
def test_what_is_published_may_be_kept_for_a_minute(client: Client, path: str) -> None:
    response = client.get(path)
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in response["Vary"]
    assert not response.cookies


@pytest.mark.parametrize("path", ["/", "/accessibility/", "/dashboard/", "/nothing-here/"])
def test_what_somebody_signed_in_sees_is_never_kept(signed_in: Client, path: str) -> None:
    assert signed_in.get(path)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/nothing-here/", "/dashboard/", "/forgot-password/"]
)
def test_forms_refusals_and_redirects_are_never_kept(client: Client, path: str) -> None:
    cached = client.get(path).get("Cache-Control", "")
    assert "public" not in cached
    assert "no-store" in cached


def test_an_old_session_is_enough_to_keep_an_answer_out_of_shared_caches(client: Client) -> None:
    client.cookies["sessionid"] = "ended-long-ago"
    assert client.get("/")["Cache-Control"] == "private, no-store"


# --- Colours ------------------------------------------------------------------------------------


def test_each_partnership_has_its_colour_in_a_style_sheet(client: Client) -> None:
    PartnershipFactory.create(name="Kestrel Coast", colour="#003d7c", slug="kestrel-coast")
    response = client.get("/partnership-colours.css")
    assert response["Content-Type"].startswith("text/css")
    assert ".accord-colour-kestrel-coast{--accord-colour:#003d7c}" in response.content.decode()
    assert response["Cache-Control"] == "public, max-age=300"


def test_the_colours_are_sent_again_only_when_they_changed(signed_in: Client) -> None:
    partnership = PartnershipFactory.create(colour="#003d7c")
    etag = signed_in.get("/partnership-colours.css")["ETag"]
    again = signed_in.get("/partnership-colours.css", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    partnership.colour = "#6a1b5d"
    partnership.save()
    changed = signed_in.get("/partnership-colours.css", headers={"If-None-Match": etag})
    assert (changed.status_code, changed["ETag"] == etag) == (200, False)


# --- Refusals -----------------------------------------------------------------------------------


def said(response: Any) -> str:
    """Return the text of the main part of a page."""
    main = BeautifulSoup(response.content, "html5lib").select_one("main")
    assert main is not None
    return re.sub(r"\s+", " ", main.get_text())


def test_an_address_that_leads_nowhere_gets_a_page(client: Client) -> None:
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert "Page not found" in said(response)


def test_an_old_form_is_not_accepted_and_says_how_to_keep_what_was_typed() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sign-in/", {"username": "a@b.example", "password": "x"})
    assert response.status_code == 403
    assert "What you typed is still there" in said(response)


def request_of(rf: Any, user: User) -> Any:
    """Return a request of the person, as the middlewares would leave it."""
    request = rf.get("/tasks/1/")
    request.user = user
    request._messages = []
    return request


@pytest.mark.parametrize(
    ("refusal", "status", "heading"),
    [
        (NotAllowed("Ask the provider to accept the agreement first."), 409, "Nothing was changed"),
        (Busy(), 409, "Nothing was changed"),
        (AlreadyDone(), 410, "This has already been done"),
    ],
)
def test_a_rules_refusal_that_nobody_caught_is_a_page_with_its_reason(
    rf: Any, refusal: NotAllowed, status: int, heading: str
) -> None:
    middleware = refusals.Refusals(refusals.failed)
    response = middleware.process_exception(request_of(rf, UserFactory.create()), refusal)
    assert response is not None
    assert response.status_code == status
    assert heading in said(response)
    assert refusal.reason in said(response)


def test_any_other_exception_is_left_to_django(rf: Any) -> None:
    middleware = refusals.Refusals(refusals.failed)
    assert middleware.process_exception(request_of(rf, UserFactory.create()), ValueError()) is None


def test_the_other_refusals_say_what_to_do(rf: Any) -> None:
    request = request_of(rf, UserFactory.create())
    reason = "Only the chair of the panel records the decision."
    assert reason in said(refusals.forbidden(request, NotPermitted(reason)))
    assert "Go back, check what you entered" in said(
        refusals.bad_request(request, SuspiciousOperation("secret detail"))
    )
    assert "secret detail" not in said(refusals.bad_request(request, SuspiciousOperation("secret")))


def test_the_page_of_a_failure_asks_nothing_of_the_database(
    rf: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        response = refusals.failed(rf.get("/"))
    assert response.status_code == 500
    assert "This is our fault" in said(response)


# --- The rest -----------------------------------------------------------------------------------


def test_machines_can_ask_whether_it_works(client: Client) -> None:
    for path in ("/healthz", "/healthz/"):
        response = client.get(path)
        assert (response.status_code, response.content) == (200, b"ok")


def test_whoever_uses_it_gets_its_source_and_nothing_else(client: Client) -> None:
    response = client.get("/source/")
    with tarfile.open(fileobj=io.BytesIO(response.content)) as tar:
        names = tar.getnames()
    assert "accord/portal/source.py" in names
    assert "accord/templates/base.html" in names
    assert all(name.startswith("accord/") for name in names)
    assert not [name for name in names if re.search(r"/(var/|\.|node_modules|__pycache__)", name)]


def test_names_of_addresses_lead_where_the_menu_says() -> None:
    assert reverse("engine:inbox") == "/tasks/"
    assert reverse("cases:list") == "/cases/"
    assert reverse("agreements:list") == "/agreements/"
    assert reverse("permissions:organisations") == "/organisations/"
    assert reverse("permissions:account") == "/account/"
