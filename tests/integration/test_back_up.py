"""A backup holds the database and the uploaded files, and puts both back."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_backed_up_comes_back_and_what_came_later_goes(tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    upload = Path(settings.MEDIA_ROOT) / "evidence" / "letter.pdf"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"before")
    Group.objects.create(name="before")
    call_command("back_up", str(archive), verbosity=0)

    upload.write_bytes(b"after")
    upload.with_name("later.pdf").write_bytes(b"after")
    Group.objects.create(name="after")
    call_command("restore", str(archive), "--replace", verbosity=0)

    assert set(
        Group.objects.filter(name__in=["before", "after"]).values_list("name", flat=True)
    ) == {"before"}
    assert upload.read_bytes() == b"before"
    assert not upload.with_name("later.pdf").exists()
    assert archive.stat().st_mode & 0o077 == 0


def test_a_database_that_holds_anything_is_not_restored_over_unasked(tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    call_command("back_up", str(archive), verbosity=0)
    with pytest.raises(CommandError, match=r"not empty.*--replace"):
        call_command("restore", str(archive))


def test_a_broken_archive_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    archive.write_bytes(b"no archive")
    Group.objects.create(name="kept")
    with pytest.raises(CommandError, match="as it was"):
        call_command("restore", str(archive), "--replace")
    assert Group.objects.filter(name="kept").exists()


def test_a_backup_never_overwrites_a_file(tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    archive.write_bytes(b"precious")
    with pytest.raises(CommandError, match="exists already"):
        call_command("back_up", str(archive))
    assert archive.read_bytes() == b"precious"
