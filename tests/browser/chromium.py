"""Where this machine's Chromium is, and how to get one.

`python -m tests.browser.chromium` prints its path, after installing one where it may.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO = (
    "The browser tests need Chromium. Install it as an administrator (apt-get install chromium), "
    "or name one: CHROMIUM=/path/to/chromium make test"
)
# As root there is no sandbox; the rest keeps the browser from talking to anybody but us.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def find() -> str | None:
    """Return the path of a Chromium: the one named, one on the PATH, or playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return _playwrights_own()


def _playwrights_own() -> str | None:
    # Asked in a process of its own: playwright's event loop would stay in ours.
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", ask], check=False, capture_output=True, text=True
    )
    path = answer.stdout.strip()
    return path if path and Path(path).exists() else None


def install() -> str | None:
    """Install a Chromium by the system's packages (as root) or by playwright; return its path."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update"],
            ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(
                command, check=False, env=quiet, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
            )
    else:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
    found = find()
    return found if found and _runs(found) else None


def _runs(path: str) -> bool:
    """Tell whether the browser starts at all; playwright's may lack the system's libraries."""
    answer = subprocess.run(
        [path, "--version"], check=False, capture_output=True, stdin=subprocess.DEVNULL
    )
    return answer.returncode == 0


def find_or_install() -> str | None:
    """Return the path of a Chromium that starts, or None."""
    found = find()
    if found and _runs(found):
        return found
    if os.environ.get("CHROMIUM"):
        return None
    print("No Chromium found: installing one ...", file=sys.stderr, flush=True)
    return install()


if __name__ == "__main__":
    chromium = find_or_install()
    if chromium is None:
        sys.exit(HOW_TO)
    print(chromium)
