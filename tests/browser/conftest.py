"""A real Chromium, its accessibility check, and its pictures."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium

# What WCAG 2.2 AA asks, and all that came before it. Best practice beyond that is off.
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
WIDTHS = (1280, 375)
# Milliseconds.
LONGEST_WAIT = 15_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all tests of one file.

    Not for the whole process: its driver keeps an event loop in this thread, and other tests of the
    process run the worker, which starts one of its own.
    """
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.HOW_TO, pytrace=False)
    # Playwright keeps an event loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of the running site, signed in as the user given.

    Each page is a browser of its own, with its own cookies. A test in which any of them broke the
    Content-Security-Policy or raised an error in a script fails at its end.
    """
    contexts = []
    problems: list[str] = []

    def open_one(user: object = None, *, width: int = WIDTHS[0], javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=str(live_server),
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        context.set_default_timeout(LONGEST_WAIT)
        if user is not None:
            client = Client()
            client.force_login(user)  # type: ignore[arg-type]  # any user model, ours among them
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": str(live_server)}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                problems.append(f"{page.url}: {message.text}")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def browser_page(open_page: Callable[..., Page]) -> Page:
    """Open one page, signed in as nobody."""
    return open_page()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Return a function that asserts that a page has no violation of WCAG 2.2 AA."""

    def check(page: Page) -> None:
        response = Axe().run(page, options=AXE_OPTIONS).response
        found = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
            + "\n".join(f"    {node['html'][:200]}" for node in violation["nodes"])
            for violation in response["violations"]
        ]
        assert not found, f"{page.url} is not accessible:\n" + "\n".join(found)

    return check


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    """Return a function that keeps a picture of a page, wide and narrow, in var/screenshots."""
    folder = Path(settings.VAR) / "screenshots"

    def take(page: Page, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        size = page.viewport_size or {"width": WIDTHS[0], "height": 900}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(size)

    return take
