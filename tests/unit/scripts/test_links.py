"""A link that leads nowhere is found, one that leads somewhere is not."""

from pathlib import Path

import pytest

from scripts import links


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(links, "ROOT", tmp_path)
    (tmp_path / "other.md").write_text("# Other\n\n## What it's for: `make run`\n")
    return tmp_path / "document.md"


@pytest.mark.parametrize(
    "text",
    [
        "[a](other.md)",
        "[a](other.md#what-its-for-make-run)",
        "# Here\n[a](#here)",
        "[a](https://nowhere.example/x)",
        "```\n[a](missing.md)\n```",
        "`[a](missing.md)`",
    ],
)
def test_a_link_that_leads_somewhere_passes(text: str, document: Path) -> None:
    document.write_text(text)
    assert links.dead_links(document) == []


@pytest.mark.parametrize(
    "text", ["[a](missing.md)", "![a](images/missing.png)", "[a](other.md#nowhere)", "[a](#no)"]
)
def test_a_dead_link_is_found(text: str, document: Path) -> None:
    document.write_text(text)
    assert len(links.dead_links(document)) == 1
