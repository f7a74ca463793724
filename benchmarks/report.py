"""docs/benchmarks.md: each benchmark writes its own part, between two marks, and leaves the rest as it is."""

from __future__ import annotations

import re
from pathlib import Path

REPORT = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def write(part: str, text: str) -> None:
    """Put the text between the marks of this part."""
    begin, end = f"<!-- {part} -->", f"<!-- /{part} -->"
    before = REPORT.read_text()
    marked = re.compile(rf"{begin}.*?{end}", re.DOTALL)
    if not marked.search(before):
        raise ValueError(f"docs/benchmarks.md has no place for {part}.")
    REPORT.write_text(marked.sub(lambda _: f"{begin}\n{text}\n{end}", before))
