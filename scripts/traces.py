"""Find what does not belong into the project's files.

The address of a package registry or a path of somebody's machine (the project must install from
whatever index an authority uses), an ignored warning without its reason, and files of a name
that could hold anything.
"""

import io
import re
import sys
import tokenize
from collections.abc import Iterator

from scripts.files import ROOT, of_project, text_of

# Written in pieces, or this file would be the first it finds.
REGISTRIES = "|".join(
    re.escape(".".join(parts))
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
    )
)
TRACES = [
    (re.compile(REGISTRIES), "names a package registry"),
    (re.compile(r"--(extra-)?index-ur[l]|--find-link[s]|\"resolved\":"), "names a package index"),
    (re.compile(r"(?<![\w.])/(root|work|opt|Users|home/\w+|tmp/\w+)/"), "names a machine's path"),
]
IGNORED = re.compile(r"#\s*(noqa|type:\s*ignore)(.*)$")
WITH_REASON = re.compile(r"^(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[\w\-, ]+\])\s+(#\s*)?\S.{4,}")
VAGUE_NAMES = {"utils.py", "helpers.py", "services.py", "signals.py", "managers.py"}
# The text of a licence is as it is.
LEFT_ALONE = {"LICENSE"}


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield every comment of a Python file with the number of its line."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):
        # The linter says what is wrong with the file.
        return


def lacks_reason(comment: str) -> bool:
    """Tell whether the comment ignores a warning without saying which one and why."""
    ignored = IGNORED.search(comment)
    return ignored is not None and not WITH_REASON.match(ignored.group(2))


def found_in(name: str, text: str) -> list[str]:
    """Return one line for everything in the file that does not belong there."""
    found = []
    if name.rpartition("/")[2] in VAGUE_NAMES:
        found.append(f"{name}: a file of this name could hold anything: say what it holds")
    for number, line in enumerate(text.splitlines(), 1):
        found += [f"{name}:{number} {what}" for sign, what in TRACES if sign.search(line)]
    if name.endswith(".py"):
        found += [
            f"{name}:{number} ignores a warning without saying which and why"
            for number, comment in comments(text)
            if lacks_reason(comment)
        ]
    return found


def main() -> None:
    """Print what was found, with file and line; fail if there is anything."""
    found = [
        line
        for path in of_project()
        if path.name not in LEFT_ALONE
        for line in found_in(str(path.relative_to(ROOT)), text_of(path))
    ]
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
