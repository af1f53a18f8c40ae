"""The source code of this very installation, for whoever uses it over a network (AGPL, section 13).

Only what the project is made of: nothing that it writes while it runs, no settings of the machine.
"""

from __future__ import annotations

import io
import tarfile
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDERS = ("docs", "pages", "permissions", "portal", "scripts", "templates", "tests", "workflows")
FILES = (
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "manage.py",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements.lock",
)
LEFT_OUT = {"__pycache__", "build", "node_modules"}


def _wanted(path: Path) -> bool:
    parts = path.relative_to(settings.BASE_DIR).parts
    return (
        path.is_file()
        and not any(part in LEFT_OUT or part.startswith(".") for part in parts)
        and not path.is_symlink()
    )


@cache
def archive() -> bytes:
    """Return the source code as a compressed tar file, made once per process."""
    root = Path(settings.BASE_DIR)
    paths = [root / name for name in FILES]
    for folder in FOLDERS:
        paths += sorted((root / folder).rglob("*"))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path in paths:
            if path.exists() and _wanted(path):
                tar.add(path, arcname=str(Path("accord") / path.relative_to(root)), recursive=False)
    return buffer.getvalue()
