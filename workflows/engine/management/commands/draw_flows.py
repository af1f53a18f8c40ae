"""Draw every flow into docs/diagrams, or check that what is there is up to date."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.engine import charts, flows


class Command(BaseCommand):
    """Draw every flow."""

    help = "Write docs/diagrams/<flow>.svg for every flow; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --check and another folder."""
        parser.add_argument("--check", action="store_true", help="fail if a diagram is out of date")
        parser.add_argument("--folder", default=str(settings.BASE_DIR / "docs" / "diagrams"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare the diagrams, leaving flows outside workflows/ out."""
        folder = Path(options["folder"])
        wanted = {
            charts.file_name(flow): charts.draw(flow)
            for flow in flows.all_flows()
            if flow.__module__.startswith("workflows.")
        }
        if not options["check"]:
            folder.mkdir(parents=True, exist_ok=True)
            for name, svg in sorted(wanted.items()):
                (folder / name).write_text(svg, encoding="utf-8")
                self.stdout.write(f"{folder.name}/{name}")
            return
        stale = [
            name
            for name, svg in sorted(wanted.items())
            if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != svg
        ]
        if stale:
            raise CommandError(f"Run manage.py draw_flows: out of date: {', '.join(stale)}")
        self.stdout.write("The diagrams are up to date.")
