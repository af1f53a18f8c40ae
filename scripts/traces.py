"""Find what does not belong into the project's files.

The address of a package registry or a path of somebody's machine (the project must install from
whatever index an authority uses), an ignored warning without its reason, and files of a name
that could hold anything.
"""

import re
import sys

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
IGNORED = re.compile(r"#\s*(noqa|type:\s*ignore)(.*)$", re.MULTILINE)
WITH_REASON = re.compile(r"^(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[\w\-, ]+\])\s+(#\s*)?\S{2,}")
VAGUE_NAMES = {"utils.py", "helpers.py", "services.py", "signals.py", "managers.py"}
# The text of a licence is as it is.
LEFT_ALONE = {"LICENSE"}


def main() -> None:
    """Print what was found, with file and line; fail if there is anything."""
    found = []
    for path in of_project():
        name = str(path.relative_to(ROOT))
        if name in LEFT_ALONE:
            continue
        if path.name in VAGUE_NAMES:
            found.append(f"{name}: a file of this name could hold anything: say what it holds")
        text = text_of(path)
        for number, line in enumerate(text.splitlines(), 1):
            found += [f"{name}:{number} {what}" for sign, what in TRACES if sign.search(line)]
            ignored = IGNORED.search(line) if path.suffix == ".py" else None
            if ignored and not WITH_REASON.match(ignored.group(2)):
                found.append(f"{name}:{number} ignores a warning without saying which and why")
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
