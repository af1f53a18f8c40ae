"""One human step as a page: the base that every slice's steps are written on.

A step has a form (or none), asks to check the answers (or not) and calls one action. What has been
typed is kept on the server, so that it can be saved, checked and changed without being lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views import View

from permissions import audit

from . import covers, drafts, nodes, notes, queries, tasks
from .exceptions import AlreadyDone, Busy, NotAllowed
from .models import Task


class StepView(View):
    """The page of one step. Reached by `/tasks/<number>/`, which has asked who may see it.

    Set `template_name`, `form_class` and, where answers are to be checked first, `check_answers`;
    define `act(form)`, which calls one action and may return anything. `alternatives` maps the
    name of another button on the page to the method that answers it.
    """

    template_name: ClassVar[str] = "engine/step.html"
    check_template_name: ClassVar[str] = "engine/check_answers.html"
    form_class: ClassVar[type[BaseForm] | None] = None
    check_answers: ClassVar[bool] = False
    success_message: ClassVar[str] = "Done."
    confirm_button: ClassVar[str] = "Confirm and send"
    statement: ClassVar[str] = ""
    alternatives: ClassVar[Mapping[str, str]] = {}
    # Set by View.as_view.
    task: Task | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take the task that the engine has loaded and allowed."""
        super().setup(request, *args, **kwargs)
        self.task = kwargs["task"]
        self.subject = self.the_task.process.subject
        # By which the reader does it for the person whose task it is; usually none.
        self.cover = covers.cover_for(self.the_task, request.user)
        self.prepare()

    @property
    def the_task(self) -> Task:
        """The task, known to be there."""
        if self.task is None:
            raise ImproperlyConfigured("A step is reached by its task's address only.")
        return self.task

    # --- What a step says of itself -------------------------------------------------------------

    def prepare(self) -> None:
        """Load what the page shows; called once, after `self.task` and `self.subject` are set."""

    def act(self, form: Any) -> Any:
        """Call the one action of this step with the form's answers."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        """Return what the form shows at first."""
        return {}

    def form_arguments(self) -> dict[str, Any]:
        """Return further arguments of the form, such as what it may choose from."""
        return {}

    def record_read(self) -> None:
        """Note who has read the pupil's record: the page shows the subject's case."""
        case = getattr(self.subject, "case", None)
        reader = self.request.user
        if case is not None and reader.is_authenticated:
            audit.record_read(reader, case, self.the_task.organisation, purpose="task page")

    def extra_context(self) -> dict[str, Any]:
        """Return what else the template shows."""
        return {}

    def success_url(self) -> str:
        """Return where to go when the step is done."""
        return reverse("engine:inbox")

    # --- The way through it ---------------------------------------------------------------------

    @property
    def draft_key(self) -> str:
        """Under which the answers of this task are kept."""
        return f"task:{self.the_task.pk}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form as it was left, or the answers to check."""
        self.record_read()
        kept = drafts.load(request.user, self.draft_key)
        if self.form_class is None or kept is None:
            return self.show_form(self.make_form())
        if "check" in request.GET and self.check_answers:
            form = self.make_form(kept)
            return self.show_check(form) if form.is_valid() else self.show_form(form)
        return self.show_form(self.make_form(initial=self.read(kept)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep the answers, show them for a check, or do the step."""
        for name, method in self.alternatives.items():
            if name in request.POST:
                response: HttpResponseBase = getattr(self, method)()
                return response
        if self.form_class is None:
            return self.finish(None)
        if "save" in request.POST:
            drafts.save(request.user, self.draft_key, request.POST)
            messages.info(request, "Saved. Your answers are here when you come back.")
            return redirect("engine:inbox")
        if "change" in request.POST:
            return redirect(self.the_task.get_absolute_url())
        if "confirm" in request.POST and self.check_answers:
            kept = drafts.load(request.user, self.draft_key)
            if kept is None:
                messages.info(request, "Your answers are no longer there. Enter them again.")
                return redirect(self.the_task.get_absolute_url())
            form = self.make_form(kept)
            return self.finish(form) if form.is_valid() else self.show_form(form)
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show_form(form)
        if self.check_answers:
            drafts.save(request.user, self.draft_key, request.POST)
            return redirect(f"{self.the_task.get_absolute_url()}?check=1")
        return self.finish(form)

    def finish(self, form: Any) -> HttpResponseBase:
        """Do the step; a refusal is shown on the form with everything that was typed."""
        try:
            tasks.perform(self.the_task, by=self.request.user, act=lambda: self.act(form))
        except (AlreadyDone, Busy):
            raise
        except NotAllowed as refused:
            return self.refuse(form, refused.reason)
        drafts.discard(self.request.user, self.draft_key)
        messages.success(self.request, self.done_message())
        return redirect(self.success_url())

    def done_message(self) -> str:
        """Return what is said when the step is done, with the way to the person's next task."""
        following = queries.next_task(self.request.user)
        if following is None:
            return self.success_message
        task = following.task
        return format_html(
            '{} <a class="govuk-notification-banner__link" href="{}">Next task: {}</a> ({} left)',
            self.success_message,
            task.get_absolute_url(),
            f"{task.title}, {task.reference}" if task.reference else task.title,
            following.left,
        )

    def refuse(self, form: Any, reason: str) -> HttpResponseBase:
        """Show the reason above the form."""
        if form is None:
            return self.show_form(None, refusal=reason)
        form.add_error(None, reason)
        return self.show_form(form)

    # --- Forms and pages ------------------------------------------------------------------------

    def make_form(
        self, answers: QueryDict | None = None, initial: dict[str, Any] | None = None
    ) -> Any:
        """Return the form, with answers to judge or with what it shows at first."""
        if self.form_class is None:
            return None
        form: Any = self.form_class(
            data=answers,
            initial={**self.initial(), **(initial or {})},
            **self.form_arguments(),
        )
        if form.is_multipart():
            raise ImproperlyConfigured(
                f"{type(self).__name__} asks for a file: steps keep answers between pages and "
                "cannot keep files. Add the document to the case first."
            )
        return form

    def read(self, kept: QueryDict) -> dict[str, Any]:
        """Return kept answers as first values: shown again without being judged yet."""
        form = self.make_form()
        return {
            name: field.widget.value_from_datadict(kept, {}, form.add_prefix(name))
            for name, field in form.fields.items()
            if not field.widget.value_omitted_from_data(kept, {}, form.add_prefix(name))
        }

    def context(self, **more: Any) -> dict[str, Any]:
        """Return what every template of the step gets."""
        task = self.the_task
        return {
            "task": task,
            "subject": self.subject,
            "title": task.title,
            "partnership": task.process.organisation,
            "back_url": reverse("engine:inbox"),
            "cover": self.cover,
            "may_release": task.owner_id == self.request.user.pk,
            "notes": notes.notes_for(self.request.user, task),
            "is_personal": isinstance(task.flow_task, nodes.StepForEach),
            **self.extra_context(),
            **more,
        }

    def show_form(self, form: Any, **more: Any) -> HttpResponse:
        """Show the step."""
        return render(self.request, self.template_name, self.context(form=form, desk=True, **more))

    def show_check(self, form: Any) -> HttpResponse:
        """Show the answers before they are sent."""
        url = self.the_task.get_absolute_url()
        return render(
            self.request,
            self.check_template_name,
            self.context(
                # Not named `form`: nothing of it is posted again from the page.
                answers=form,
                form=None,
                change_url=url,
                back_url=url,
                button=self.confirm_button,
                statement=self.statement,
            ),
        )
