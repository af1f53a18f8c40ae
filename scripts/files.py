"""The files of the project, for checks that read all of them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What make makes; needed only where there is no git to ask.
MADE = {".git", ".venv", "var", "node_modules", "build", "__pycache__"}


def of_project() -> list[Path]:
    """Return every file that is, or is about to be, under version control."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        return sorted(
            path
            for path in ROOT.rglob("*")
            if path.is_file() and not MADE & set(path.relative_to(ROOT).parts)
        )
    return sorted(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def text_of(path: Path) -> str:
    """Return the file's text; nothing for a picture or a font."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
