"""Signing in and out, and passwords, through the pages."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from permissions import jobs
from permissions.models import User
from tests.factories import PASSWORD, PartnershipFactory, SchoolFactory, UserFactory, member

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "three words apart"


def sign_in(client, email, password=PASSWORD, **query):
    return client.post(
        reverse("permissions:sign_in", query=query), {"username": email, "password": password}
    )


def is_signed_in(client):
    return "_auth_user_id" in client.session


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def the_link_in_the_mail():
    return re.search(r"https?://[^/]+(/set-password/\S+)", mail.outbox[-1].body)[1]


def set_password(client, link, password=NEW_PASSWORD):
    page = client.get(link, follow=True)
    # The link itself is not the page's address: it would go out with the next Referer.
    assert page.redirect_chain[-1][0].endswith("/set-password/")
    return client.post(
        page.redirect_chain[-1][0],
        {"new_password1": password, "new_password2": password},
        follow=True,
    )


# --- Sign in and out ----------------------------------------------------------------------------


def test_sign_in_by_email_whatever_its_capitals(client):
    person = UserFactory(email="ann@example.org")
    response = sign_in(client, " Ann@Example.org ")
    assert response.headers["Location"] == "/dashboard/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_sign_in_leads_on_within_the_site_alone(client):
    person = UserFactory()
    assert sign_in(client, person.email, next="/account/").headers["Location"] == "/account/"
    client.logout()
    away = sign_in(client, person.email, next="https://elsewhere.example/account/")
    assert away.headers["Location"] == "/dashboard/"


def test_a_wrong_password_and_a_closed_account_get_the_same_answer(client):
    closed = UserFactory(is_active=False)
    answers = [
        sign_in(client, closed.email),
        sign_in(client, UserFactory().email, "wrong password"),
        sign_in(client, "nobody@example.org"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "The e-mail address or the password is wrong." in text(answer)
    assert not is_signed_in(client)


def test_sign_in_asks_for_what_is_missing(client):
    answer = text(sign_in(client, "", ""))
    assert "Enter your e-mail address" in answer
    assert "Enter your password" in answer


def test_a_closed_account_is_out_at_once(client):
    person = UserFactory()
    sign_in(client, person.email)
    assert client.get("/account/").status_code == 200
    person.is_active = False
    person.save()
    assert client.get("/account/").status_code == 302


def test_sign_out_is_a_post(client):
    client.force_login(UserFactory())
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/sign-out/").status_code == 302
    assert not is_signed_in(client)


def test_five_wrong_passwords_close_the_account_until_a_new_password(client, settings):
    settings.AXES_ENABLED = True
    person, other = UserFactory(email="ann@example.org"), UserFactory()
    for email in ["ann@example.org", "ANN@example.org", "Ann@Example.org", " ann@example.org"]:
        assert sign_in(client, email, "wrong").status_code == 200
    assert sign_in(client, person.email, "wrong").status_code == 429

    refused = sign_in(client, person.email)
    assert refused.status_code == 429
    assert "Too many wrong passwords" in text(refused)
    assert not is_signed_in(client)

    assert sign_in(client, other.email).status_code == 302
    client.logout()

    jobs.send_password_link(user_id=person.pk, invited=False)
    set_password(client, the_link_in_the_mail())
    assert sign_in(client, person.email, NEW_PASSWORD).status_code == 302


# --- Passwords ----------------------------------------------------------------------------------


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(client):
    person = UserFactory()
    UserFactory(email="closed@example.org", is_active=False)
    pages = [
        client.post("/forgot-password/", {"email": email}, follow=True).content
        for email in [person.email.upper(), "nobody@example.org", "closed@example.org"]
    ]
    assert "If there is an account" in pages[0].decode()
    assert len(set(pages)) == 1
    job = ProcrastinateJob.objects.get(task_name="permissions.send_password_link")
    assert job.args == {"user_id": person.pk, "invited": False}


def test_asking_twice_queues_one_message(client):
    person = UserFactory()
    for _ in range(2):
        client.post("/forgot-password/", {"email": person.email})
    assert ProcrastinateJob.objects.filter(task_name="permissions.send_password_link").count() == 1


def test_the_link_sets_a_password_once(client):
    person = UserFactory(name="Ann O'Hara")
    jobs.send_password_link(user_id=person.pk, invited=False)
    message = mail.outbox[0]
    assert message.to == [person.email]
    assert message.subject == "Set your password for Accord"
    assert "Hello Ann O'Hara," in message.body

    done = set_password(client, the_link_in_the_mail())
    assert "Your password has been set" in text(done)
    assert sign_in(client, person.email, NEW_PASSWORD).status_code == 302
    client.logout()

    again = client.get(the_link_in_the_mail(), follow=True)
    assert "This link does not work any more" in text(again)


def test_no_link_is_sent_to_a_closed_account():
    person = UserFactory(is_active=False)
    jobs.send_password_link(user_id=person.pk, invited=True)
    assert mail.outbox == []


def test_a_weak_password_is_refused_in_words(client):
    person = UserFactory()
    jobs.send_password_link(user_id=person.pk, invited=False)
    page = set_password(client, the_link_in_the_mail(), "short")
    assert "too short" in text(page)


def test_change_password_asks_for_the_old_one(client):
    person = UserFactory()
    client.force_login(person)
    wrong = {"old_password": "wrong", "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert client.post("/account/password/", wrong).status_code == 200
    right = {**wrong, "old_password": PASSWORD}
    page = client.post("/account/password/", right, follow=True)
    assert "Your password has been changed" in text(page)
    assert User.objects.get(pk=person.pk).check_password(NEW_PASSWORD)


def test_my_account_lists_my_roles_and_ways_on(client):
    person = member("head", SchoolFactory(name="Canal Side School"))
    client.force_login(person)
    page = text(client.get("/account/"))
    assert "Canal Side School" in page
    assert "Head" in page
    assert "/organisations/" not in page
    member("administrator", PartnershipFactory(), user=person)
    page = text(client.get("/account/"))
    assert 'href="/organisations/"' in page
    assert 'href="/audit/"' in page


def test_somebody_without_a_role_is_told_what_to_do(client):
    client.force_login(UserFactory())
    assert "Ask your administrator to add you" in text(client.get("/account/"))
