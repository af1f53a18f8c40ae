"""Which flows there are, and which steps people do in them, for code that knows no flow.

Flows register themselves here when they are defined; nothing here imports one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

from . import nodes

_flows: list[Any] = []


@dataclass(frozen=True)
class StepKind:
    """What a step of some flow is called, and who may do it."""

    title: str
    permission: str
    is_personal: bool


def remember(flow: Any) -> None:
    """Register a flow; called by its base class."""
    _flows.append(flow)


def flows() -> list[Any]:
    """Return every flow of every installed application."""
    _discover()
    return list(_flows)


@cache
def _discover() -> None:
    # Once is enough: whatever is defined later registers itself.
    autodiscover_modules("flows")


def kinds() -> list[StepKind]:
    """Return the steps for people of every flow."""
    return [
        StepKind(node.task_title, node.permission, isinstance(node, nodes.StepForEach))
        for node in _steps()
    ]


def personal_nodes() -> list[Any]:
    """Return the nodes whose tasks are for one person alone, such as a vote."""
    return [node for node in _steps() if isinstance(node, nodes.StepForEach)]


def _steps() -> list[Any]:
    """Return the nodes for people, each as the one that its flow's instance has."""
    return [
        flow.instance.node(name)
        for flow in flows()
        for name, node in flow._nodes_by_name.items()
        if isinstance(node, nodes.Step)
    ]
