"""Cells that a spreadsheet program would run as a formula. In a file we hand out they begin with an apostrophe, which
such programs take as "this is text" (https://owasp.org/www-community/attacks/CSV_Injection)."""

from __future__ import annotations

import re

# The last four are the same signs in their full width, which some programs read alike.
_RUNS = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def disarm(cell: str) -> str:
    """The cell as it may be handed out."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def rearm(cell: str) -> str:
    """What `disarm` was given: a file that was handed out can be taken in again."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
