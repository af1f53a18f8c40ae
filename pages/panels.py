"""Panels of our own on the editor's screen."""

from typing import Any

from wagtail.admin.panels import Panel


class ImportReportPanel(Panel):
    """What the importer was not sure about, to read beside the clauses it made."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/panels/import_report.html"

        def is_shown(self) -> bool:
            """Show it on imported pages only."""
            return bool(getattr(self.instance, "import_report", None))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the report."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["report"] = self.instance.import_report
            return context
