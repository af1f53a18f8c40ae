"""Every flow as a picture, made from the flow itself so that it cannot be out of date."""

from __future__ import annotations

import re
from typing import Any

from viewflow.workflow import chart

EMPTY_TEXT = re.compile(r"<text[^>]*></text>")


def draw(flow: Any) -> str:
    """Return the flow's diagram as SVG with a title, the same text each time."""
    grid = chart.calc_layout_data(flow)
    for cell in grid.cells:
        if cell.shape.text:
            # The library's template puts capitals on every word of a first line: give it none.
            cell.shape.text.insert(0, ("", *cell.shape.text[0][1:]))
    svg = EMPTY_TEXT.sub("", chart.grid_to_svg(grid))
    start = svg.index(">", svg.index("<svg")) + 1
    titled = f"{svg[:start]}\n    <title>{flow.instance.process_title}</title>{svg[start:]}"
    return "\n".join(line.rstrip() for line in titled.splitlines() if line.strip()) + "\n"


def file_name(flow: Any) -> str:
    """Return the name of the file that shows the flow."""
    return f"{flow.instance.app_label}-{flow.__name__.removesuffix('Flow').lower()}.svg"
