"""Tags for our own templates: form fields, answers to check, links that keep the filters."""

from __future__ import annotations

import json
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from portal import rendering
from workflows.agreements.queries.searching import BEGINS, ENDS

register = template.Library()

# What the jobs of the slices are for, in the words of an administrator.
JOB_TITLES: dict[str, str] = {
    "engine.send_mail_for_event": "Find out who has to be told of something that happened",
    "engine.send_one_mail": "Send one e-mail",
    "engine.send_digest": "Send one daily summary by e-mail",
    "engine.send_digests": "Find out whose daily summary is to be sent",
    "engine.escalate": "Show tasks that are too late to those who should know",
    "engine.fire_timers": "Start what is due by date",
    "agreements.make_receipt": "Make the receipt of an acceptance (PDF)",
    "agreements.remind": "Remind those who are asked to accept an agreement",
    "calendar.add_bank_holidays": "Add the coming bank holidays to the calendar",
    "cases.scan_waiting": "Scan the documents that wait for the virus scanner",
    "cases.scan_waiting_now": "Scan a document that waits for the virus scanner",
    "cases.tell_expiring": "Tell schools of evidence that is about to expire",
    "pages.import_document": "Make a draft of an uploaded document",
    "pages.publish_scheduled": "Publish the pages whose time has come",
    "permissions.send_password_link": "Send a link to set a password",
    "referrals.replay_criteria": "Try a draft of criteria on past referrals",
    "referrals.remind": "Remind the schools whose answer to a question is nearly due",
    "panels.keep_time": "Open and close virtual panels, and seat substitutes",
    "panels.make_pack": "Make a panel member’s pack of papers (PDF)",
    "referrals.make_letter": "Make the letter that tells the panel’s decision (PDF)",
    "referrals.make_review_letter": "Make the letter about a review",
    "referrals.make_permission_letter": "Make the letter about a withdrawn permission",
}


@register.simple_tag
def field(bound_field: forms.BoundField, heading: bool = False) -> SafeString:
    """Draw one form field: {% field form.name %}."""
    return rendering.draw(bound_field, heading=heading)


@register.simple_tag
def error_summary(form: Any) -> SafeString:
    """Draw the box at the top of the page that lists what to mend, or nothing."""
    entries = rendering.error_list(form) if isinstance(form, forms.BaseForm) else []
    if not entries:
        return SafeString("")
    return rendering.component(
        "error-summary", "govukErrorSummary", titleText="There is a problem", errorList=entries
    )


@register.filter
def has_errors(form: Any) -> bool:
    """Say whether something in the form must be mended; False for what is no form."""
    return isinstance(form, forms.BaseForm) and form.is_bound and bool(form.errors)


@register.filter
def answers(form: Any) -> Any:
    """Return the rows of a check-your-answers page; rows that are made already stay as they are."""
    return rendering.answers(form) if isinstance(form, forms.BaseForm) else form


@register.filter
def carried(form: Any) -> list[tuple[str, str]]:
    """Return what was posted, for hidden inputs; nothing where there is no form."""
    return rendering.carried(form) if isinstance(form, forms.BaseForm) else []


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """Return "?" and the address's own parameters with some changed; an empty value removes one.

    {% query page=3 %} keeps every filter and goes to page 3.
    """
    request = context.get("request")
    parameters = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else "?"


# Inside a script element nothing may look like the end of it or like a comment.
IN_A_SCRIPT = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


@register.simple_tag
def structured_data(described: dict[str, Any]) -> SafeString:
    """Write what a page is for machines (JSON-LD). Nothing of it runs, so the policy lets it be."""
    written = json.dumps(described, ensure_ascii=False).translate(IN_A_SCRIPT)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        SafeString(written),
    )


@register.filter
def marked(text: str) -> SafeString:
    """Draw what a search found: the text, with the words that were searched for marked."""
    escaped = escape(text)
    return SafeString(escaped.replace(BEGINS, "<mark>").replace(ENDS, "</mark>"))


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Return the page numbers to show: the ends and the neighbours, None where some are left out."""
    last = page.paginator.num_pages
    shown = sorted({1, last, *range(max(1, page.number - 1), min(last, page.number + 1) + 1)})
    numbers: list[int | None] = []
    for number in shown:
        if numbers and numbers[-1] is not None and number - numbers[-1] > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.filter
def job_title(task_name: str) -> str:
    """Say in plain words what a background job does; its own name where nobody has said."""
    return JOB_TITLES.get(task_name, task_name)
