"""`manage.py restore FILE`: put back what `manage.py back_up` wrote."""

import shutil
import subprocess
import tarfile
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection

from portal import database

# The dump begins with this setting, at its default value; PostgreSQL 15 and 16 refuse its name.
UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"


class Command(BaseCommand):
    """Replace the database and the uploaded files by those of a backup."""

    help = "Put back a backup. Stop the web server and the worker first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an archive that back_up wrote")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="throw away what the database and the media folder hold now",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if not file.exists():
            raise CommandError(f"{file} does not exist.")
        if connection.introspection.table_names() and not options["replace"]:
            raise CommandError(
                "The database is not empty. Restore into an empty one, or add --replace to throw "
                "away what it holds now."
            )
        connection.close()
        media = Path(settings.MEDIA_ROOT)
        try:
            with tempfile.TemporaryDirectory() as folder:
                with tarfile.open(file) as archive:
                    archive.extractall(folder, filter="data")
                self.restore_database(Path(folder) / "database.sql")
                shutil.rmtree(media, ignore_errors=True)
                if (Path(folder) / "media").exists():
                    shutil.copytree(Path(folder) / "media", media)
        except (OSError, tarfile.TarError, subprocess.CalledProcessError) as error:
            raise CommandError(
                "The backup was not restored, and the database is as it was. "
                f"The reason ({type(error).__name__}) is above, or: {error}"
            ) from error
        self.stdout.write(f"Restored {file}.")

    def restore_database(self, dump: Path) -> None:
        """Put the dump in place of all tables, in one transaction: all of it or nothing."""
        readable = dump.with_name("readable.sql")
        with dump.open("rb") as lines, readable.open("wb") as kept:
            kept.writelines(line for line in lines if line != UNKNOWN_BEFORE_17)
        database.run_tool(
            "psql",
            "--quiet",
            "--no-psqlrc",
            "--output=/dev/null",
            "--set=ON_ERROR_STOP=1",
            "--single-transaction",
            "--command=SET client_min_messages = warning",
            "--command=DROP SCHEMA public CASCADE",
            "--command=CREATE SCHEMA public",
            f"--file={readable}",
        )
