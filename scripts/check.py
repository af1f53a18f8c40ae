"""Run every check that needs no running service: one line each, the whole output where one fails.

`--format` puts files into the agreed form instead of checking it.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
BIN = ROOT / ".venv" / "bin"
# Nothing here asks the database; an address nobody answers keeps Django from starting one.
NO_DATABASE = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    # makemigrations warns that it could not ask which migrations were applied.
    "PYTHONWARNINGS": "ignore",
}
# What production insists on, with values that open nothing.
PRODUCTION = {
    **NO_DATABASE,
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "only-for-the-check-of-the-settings-0123456789-abcdefghij",
    "SITE_ADDRESS": "https://accord.example",
    "ALLOWED_HOSTS": "accord.example",
    "EMAIL_HOST": "mail.accord.example",
    "DEFAULT_FROM_EMAIL": "Accord <accord@accord.example>",
}


@dataclass
class Step:
    """One check: what it is called and the command that answers."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


STEPS = [
    Step(
        "format of Python",
        [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."],
    ),
    Step("lint of Python", [str(BIN / "ruff"), "check", "--output-format", "concise", "."]),
    Step("types", [PYTHON, "-m", "mypy"], NO_DATABASE),
    Step("lint of templates", [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"]),
    Step("import contracts", [str(BIN / "lint-imports"), "--no-logo"]),
    Step(
        "missing migrations",
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        NO_DATABASE,
    ),
    Step(
        "production settings",
        [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        PRODUCTION,
    ),
    Step("links in documents", [PYTHON, "-m", "scripts.links"]),
    Step("traces and reasons", [PYTHON, "-m", "scripts.traces"]),
]
FORMATS = [
    Step("Python", [str(BIN / "ruff"), "format", "."]),
    Step("order of imports", [str(BIN / "ruff"), "check", "--select", "I", "--fix", "."]),
]


def main() -> None:
    """Run all steps, also after one has failed, so that one run shows everything."""
    os.chdir(ROOT)
    failed = [step.name for step in choose() if not passes(step)]
    if failed:
        sys.exit(f"\n{len(failed)} failed: {', '.join(failed)}.")
    print("All passed.")


def choose() -> list[Step]:
    """Return the steps that the command line asks for."""
    if "--format" in sys.argv[1:]:
        return FORMATS
    return STEPS


def passes(step: Step) -> bool:
    """Run one step, say how it went, and show its output if it failed."""
    began = time.monotonic()
    done = subprocess.run(
        step.command,
        check=False,
        env={**os.environ, **step.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    state = "OK" if done.returncode == 0 else "FAILED"
    print(f"{state:<7}{step.name} ({time.monotonic() - began:.0f} s)", flush=True)
    if done.returncode != 0:
        print(done.stdout, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    main()
