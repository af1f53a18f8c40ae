"""Django's view of this folder: connects the processes by the table in handovers.py."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows"

    def ready(self) -> None:
        """Answer the events of each process with the actions of the next."""
        from workflows import handovers
        from workflows.engine import events

        events.answer_with(handovers.TABLE)
