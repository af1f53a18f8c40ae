"""`manage.py back_up FILE`: the database and every uploaded file, as one compressed archive."""

import subprocess
import tarfile
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from portal import database


class Command(BaseCommand):
    """Write a backup that `manage.py restore` reads."""

    help = "Write the database and all uploaded files into one compressed archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write; it must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if file.exists():
            raise CommandError(f"{file} exists already. Name a file that does not.")
        media = Path(settings.MEDIA_ROOT)
        try:
            with tempfile.TemporaryDirectory() as folder:
                dump = Path(folder) / "database.sql"
                database.run_tool("pg_dump", "--no-owner", f"--file={dump}")
                # The database first: a file that came after it is an orphan, not a hole.
                with tarfile.open(file, "x:gz", compresslevel=6) as archive:
                    file.chmod(0o600)
                    archive.add(dump, "database.sql")
                    if media.exists():
                        archive.add(media, "media")
        except (OSError, subprocess.CalledProcessError) as error:
            file.unlink(missing_ok=True)
            raise CommandError(f"The backup was not written: {error}.") from error
        self.stdout.write(f"Wrote {file} ({file.stat().st_size / 1e6:.1f} MB).")
