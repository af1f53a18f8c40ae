"""Make requirements.lock anew: every package, exact version and hash, no address of any index."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run uv over pyproject.toml; it reads no index but the machine's own configuration."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("`make lock` needs uv. Install it (pip install uv) and run make lock again.")
    subprocess.run(
        [
            uv,
            "pip",
            "compile",
            "pyproject.toml",
            "--group",
            "dev",
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-emit-find-links",
            "--custom-compile-command",
            "make lock",
            "--quiet",
            "--output-file",
            "requirements.lock",
            *sys.argv[1:],
        ],
        cwd=ROOT,
        check=True,
    )  # fmt: skip  (an option and its value stay on one line)


if __name__ == "__main__":
    main()
