#!/usr/bin/env python3
"""Check reports: html5lib's strict mode finds no error, and the hashes of the policy are those of style and script.

    scripts/check_report.py PAGE.html...

Without html5lib (`pip install html5lib`) the parsing is skipped with a message.
"""

import base64
import hashlib
import re
import sys
from pathlib import Path

try:
    import html5lib
except ImportError:
    html5lib = None


def check(path: Path) -> list[str]:
    """The faults of a page."""
    text = path.read_text(encoding="utf-8")
    faults = []
    if html5lib is not None:
        try:
            html5lib.HTMLParser(strict=True).parse(text)
        except html5lib.html5parser.ParseError as error:
            faults.append(f"not valid: {error}")
    for name in ("style", "script"):
        content = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        allowed = re.search(rf"{name}-src 'sha256-([^']+)'", text)
        if content is None or allowed is None:
            faults.append(f"no {name}, or no hash of it")
            continue
        digest = hashlib.sha256(content[1].encode()).digest()
        if base64.b64encode(digest).decode() != allowed[1]:
            faults.append(f"the hash of the {name} is another")
    return faults


def main() -> int:
    if html5lib is None:
        print("html5lib is not installed: the pages are not parsed")
    status = 0
    for name in sys.argv[1:]:
        faults = check(Path(name))
        for fault in faults:
            print(f"{name}: {fault}")
        if faults:
            status = 1
        else:
            print(f"{name}: ok")
    return status


if __name__ == "__main__":
    sys.exit(main())
