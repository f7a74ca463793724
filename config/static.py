"""The static files as they are served: fonts and plates built, names hashed, contents compressed."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config import fonts, pictures

BUILDERS = (Path(fonts.__file__), Path(pictures.__file__), pictures.PARTS)


def build() -> str:
    """Build and collect when anything changed since the last time; says whether it did."""
    stamp = settings.STATIC_ROOT / ".built-from"
    sources = hashlib.sha256("\n".join(sorted(describe_sources())).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == sources:
        return "unchanged"
    build_fonts(settings.BUILT_DIR / "fonts")
    shutil.rmtree(settings.BUILT_DIR / "img", ignore_errors=True)
    pictures.build(settings.BUILT_DIR / "img")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(sources)
    return "built"


def build_fonts(target: Path) -> None:
    """Subsetting takes seconds: only when its recipe is younger than the result."""
    if target.exists() and target.stat().st_mtime < Path(fonts.__file__).stat().st_mtime:
        shutil.rmtree(target)
    fonts.build(target)


def describe_sources() -> Iterator[str]:
    """One line for each thing that the result depends on: compressing all files again takes seconds."""
    yield f"{settings.BOOK_NAME} {settings.STATIC_URL}"
    for path in BUILDERS:
        yield f"{path} {path.stat().st_size} {path.stat().st_mtime}"
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            if not path.is_relative_to(settings.BUILT_DIR):
                yield f"{path} {path.stat().st_size} {path.stat().st_mtime}"
