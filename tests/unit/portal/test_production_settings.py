"""Production refuses to start on a missing or a default value, and names it."""

import os
import subprocess
import sys

import pytest

from scripts import check

COMPLETE = {**check.PRODUCTION, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "ACCORD_VAR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import portal.settings.production"],
        check=False,
        cwd=check.ROOT,
        env={**kept, **COMPLETE, **changes},
        capture_output=True,
        text=True,
    )


def test_it_starts_when_everything_is_set() -> None:
    done = start()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "development-only-" + "not-a-secret-" * 3),
        ("SECRET_KEY", "a" * 60),
        ("SITE_ADDRESS", ""),
        ("SITE_ADDRESS", "http://accord.example"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:///accord.db"),
        ("EMAIL_HOST", ""),
        ("EMAIL_USE_TLS", "perhaps"),
        ("DEFAULT_FROM_EMAIL", ""),
    ],
)
def test_it_refuses_to_start_and_names_the_variable(name: str, value: str) -> None:
    done = start(**{name: value})
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured:")
    assert name in last
