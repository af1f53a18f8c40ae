"""What does not belong into a file is found; what looks like it is left alone."""

import pytest

from scripts import traces


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: E501  (a long address)",
        "x = 1  # type: ignore[arg-type]  # a filter keeps the class",
        "x = '# noqa'",
        "x = '/tmp'",
        "x = 'https://accord.example/opt/'",
    ],
)
def test_what_belongs_passes(line: str) -> None:
    assert traces.found_in("workflows/rules.py", line + "\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: E501",
        "x = 1  # noqa",
        "x = 1  # type: ignore[arg-type]",
        "x = 1  # type: ignore  # whatever it is",
        "# see https://" + "pypi" + ".org/project/x",
        "x = '/ro" + "ot/accord'",
        "x = '/ho" + "me/ada/accord'",
    ],
)
def test_what_does_not_belong_is_found(line: str) -> None:
    assert len(traces.found_in("workflows/rules.py", line + "\n")) == 1


def test_a_file_whose_name_could_hold_anything_is_found() -> None:
    assert len(traces.found_in("workflows/cases/utils.py", "")) == 1
