"""Where a process is and what comes next: made from the flow itself and from the tasks so far.

A map is a list of stops, which says everything, and a drawing of the same list. It shows steps for
people, waits and timers; choices and what Accord does by itself at once are left out, their ways
joined. What a reader may not know is shown under the name that the flow gives it for others
(`shown_as` of a node), without dates, people or how often; neighbours of the same name are one stop.
Who belongs to which audience is asked of the slice that knows: here they are names.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone

from . import nodes, states
from .models import Process, Task

DONE = "done"
NOW = "now"
LATER = "later"
PERHAPS = "perhaps"
SPARED = "spared"

#: What a state is called; never told by colour alone.
WORDS = {DONE: "Done", NOW: "Now", LATER: "Later", PERHAPS: "If needed", SPARED: "Not needed"}

# Units of the drawing, about a pixel each where there is room.
LEFT, WIDTH, LINE, GAP, LANE = 60, 270, 20, 26, 14
# As many letters as fit in a box in bold.
LETTERS = 26


@dataclass(frozen=True)
class Reader:
    """What matters about who looks at a map: audiences, and the organisations they are in."""

    audiences: frozenset[str]
    organisations: frozenset[int]


@dataclass
class Stop:
    """One line of the map."""

    title: str
    state: str
    times: int = 0
    finished: datetime | None = None
    due_at: datetime | None = None
    until: datetime | None = None
    organisation: str = ""

    @property
    def word(self) -> str:
        """What the state is called."""
        return WORDS[self.state]

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been done by now."""
        return self.state == NOW and self.due_at is not None and self.due_at < timezone.now()


@dataclass(frozen=True)
class Box:
    """One stop of the drawing."""

    number: int
    state: str
    y: int
    height: int
    lines: list[tuple[int, str]]
    word: str
    word_y: int


@dataclass(frozen=True)
class Drawing:
    """Boxes beneath each other, with lines between them and arcs where a way leads elsewhere."""

    width: int
    height: int
    left: int
    box_width: int
    boxes: list[Box]
    lines: list[str]
    arcs: list[str]


@dataclass(frozen=True)
class Map:
    """One process as a reader may see it."""

    process: Process
    title: str
    stops: list[Stop]
    is_running: bool
    is_stuck: bool
    drawing: Drawing
    began: datetime | None = None
    ended: datetime | None = None

    @property
    def now(self) -> list[Stop]:
        """Where the process is."""
        return [stop for stop in self.stops if stop.state == NOW]

    @property
    def summary(self) -> str:
        """Where it is, in one line."""
        if self.is_stuck:
            return "Stopped: Accord could not go on by itself"
        if not self.is_running:
            return "Ended"
        return ", ".join(stop.title for stop in self.now) or "Going on by itself"


@dataclass
class _Place:
    """Neighbouring nodes that a reader sees as one stop."""

    title: str
    is_open: bool
    nodes: list[Any] = field(default_factory=list)


def maps_of(processes: Sequence[Process], tasks: Iterable[Task], reader: Reader) -> list[Map]:
    """Return a map of each process that the reader may know of, in the order given.

    `tasks` are those of all the processes, with their organisations, oldest first. No queries.
    """
    by_process: dict[int, list[Task]] = defaultdict(list)
    for task in tasks:
        by_process[task.process_id].append(task)
    return [
        _map(process, by_process[process.pk], reader)
        for process in processes
        if process.flow_class is not None
        and process.flow_class.audience in reader.audiences | {"parties"}
    ]


def title_for(task: Task, audiences: Iterable[str]) -> str:
    """Return what a task is called for somebody of these audiences."""
    shown_as = getattr(task.flow_task, "shown_as", "")
    audience = getattr(task.flow_task, "audience", "parties")
    return shown_as if shown_as and audience not in audiences else task.title


def _map(process: Process, tasks: list[Task], reader: Reader) -> Map:
    flow = process.flow_class
    order, ways = _shape(flow)
    by_node: dict[Any, list[Task]] = defaultdict(list)
    for task in tasks:
        by_node[task.flow_task].append(task)
    is_running = process.status == states.NEW
    places = _places([node for node in order if node in ways], reader)
    here = [node for node in ways if is_running and _is_now(by_node[node])]
    ahead = {
        node: LATER if _is_certain(node, here, ways) else PERHAPS for node in _ahead(here, ways)
    }
    stops = [_stop(place, by_node, ahead, reader) for place in places]
    place_of = {node: number for number, place in enumerate(places) for node in place.nodes}
    links = sorted(
        {
            (place_of[node], place_of[following])
            for node in ways
            for following in ways[node]
            if following is not None and place_of[node] != place_of[following]
        }
    )
    return Map(
        process=process,
        title=str(flow.instance.process_title),
        stops=stops,
        is_running=is_running,
        is_stuck=is_running and any(task.status == states.ERROR for task in tasks),
        drawing=_draw(stops, links),
        began=process.created,
        ended=process.finished,
    )


# --- The flow -----------------------------------------------------------------------------------


@cache
def _shape(flow: Any) -> tuple[list[Any], dict[Any, list[Any]]]:
    """Return every node in reading order, and from each that is shown the next that are shown.

    Among these stands None where the process may end without another.
    """
    order: list[Any] = []
    seen: set[Any] = set()

    def visit(node: Any) -> None:
        seen.add(node)
        # Backwards, because the list is turned round at the end: the first branch comes first.
        for following in reversed(_following(node)):
            if following not in seen:
                visit(following)
        order.append(node)

    visit(flow.instance.node("start"))
    order.reverse()
    return order, {node: _shown_after(node) for node in order if _is_shown(node)}


def _following(node: Any) -> list[Any]:
    return [edge.dst for edge in node._outgoing()]


def _is_shown(node: Any) -> bool:
    if isinstance(node, nodes.Timer | nodes.Wait):
        return node.is_titled
    return isinstance(node, nodes.Step)


def _shown_after(node: Any) -> list[Any]:
    found: list[Any] = []
    seen: set[Any] = set()
    ahead = _following(node)
    while ahead:
        one = ahead.pop(0)
        if one in seen:
            continue
        seen.add(one)
        if _is_shown(one):
            found.append(one)
        elif isinstance(one, nodes.End):
            found.append(None)
        else:
            ahead.extend(_following(one))
    return found


def _ahead(begin: list[Any], ways: dict[Any, list[Any]], without: Any = ...) -> set[Any]:
    """Return every node that can still be reached, and None for an end; `without` is in no way."""
    found: set[Any] = set()
    ahead = [following for node in begin for following in ways[node]]
    while ahead:
        node = ahead.pop()
        if node not in found and node is not without:
            found.add(node)
            ahead.extend(ways.get(node, ()))
    return found


def _is_certain(node: Any, begin: list[Any], ways: dict[Any, list[Any]]) -> bool:
    """Tell whether the process cannot end without passing this node."""
    return None not in _ahead(begin, ways, without=node)


# --- What a reader sees of it -------------------------------------------------------------------


def _places(shown: list[Any], reader: Reader) -> list[_Place]:
    places: list[_Place] = []
    for node in shown:
        is_open = not node.shown_as or node.audience in reader.audiences
        title = str(node.task_title) if is_open else node.shown_as
        if places and not is_open and not places[-1].is_open and places[-1].title == title:
            places[-1].nodes.append(node)
        else:
            places.append(_Place(title, is_open, [node]))
    return places


def _stop(
    place: _Place, by_node: dict[Any, list[Task]], ahead: dict[Any, str], reader: Reader
) -> Stop:
    tasks = [task for node in place.nodes for task in by_node[node] if _counts(task)]
    waiting = [task for task in tasks if _is_waiting(task)]
    done = [task for task in tasks if task.status == states.DONE]
    if waiting:
        state = NOW
    elif done:
        state = DONE
    else:
        coming = {ahead[node] for node in place.nodes if node in ahead}
        state = LATER if LATER in coming else PERHAPS if coming else SPARED
    stop = Stop(place.title, state)
    if not place.is_open:
        return stop
    # A provider is not told when, or how often, others were asked.
    known = [
        task
        for task in (waiting or done)
        if task.organisation_id is None
        or task.organisation_id in reader.organisations
        or "school_and_commissioner" in reader.audiences
    ]
    if not known:
        return stop
    last = known[-1]
    stop.organisation = last.organisation.name if last.organisation else ""
    if state == NOW:
        stop.due_at, stop.until = last.due_at, last.scheduled
    else:
        stop.times, stop.finished = len(known), last.finished
    return stop


def _counts(task: Task) -> bool:
    """Whether a task stands for its step: not one person's share of a round."""
    is_round = isinstance(task.flow_task, nodes.StepForEach)
    return not is_round or task.flow_task_type == states.FOR_EACH


def _is_waiting(task: Task) -> bool:
    return task.status in states.UNFINISHED


def _is_now(tasks: list[Task]) -> bool:
    return any(_is_waiting(task) for task in tasks)


# --- The drawing --------------------------------------------------------------------------------


def _draw(stops: list[Stop], links: list[tuple[int, int]]) -> Drawing:
    boxes: list[Box] = []
    y = 2
    for number, stop in enumerate(stops, start=1):
        words = textwrap.wrap(f"{number}. {stop.title}", LETTERS) or [""]
        height = LINE * (len(words) + 1) + 14
        lines = [(y + 7 + LINE * (place + 1) - 5, text) for place, text in enumerate(words)]
        boxes.append(Box(number, stop.state, y, height, lines, stop.word, lines[-1][0] + LINE))
        y += height + GAP
    middle = LEFT + WIDTH // 2
    lines_between: list[str] = []
    arcs: list[str] = []
    for begin, end in links:
        if end == begin + 1:
            top, bottom = boxes[begin].y + boxes[begin].height, boxes[end].y
            lines_between.append(f"M{middle} {top}V{bottom - 2}")
            continue
        # Each way round has a lane of its own; three fit, more share.
        x = LEFT - 16 - LANE * (len(arcs) % 3)
        away = boxes[begin].y + boxes[begin].height // 2 + 6
        back = boxes[end].y + boxes[end].height // 2 - 6
        arcs.append(f"M{LEFT} {away}H{x}V{back}H{LEFT - 2}")
    return Drawing(LEFT + WIDTH + 2, max(y - GAP + 2, 4), LEFT, WIDTH, boxes, lines_between, arcs)
