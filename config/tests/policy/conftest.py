"""One town for all tests of this folder: it takes seconds to build, and every request in it is undone."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template import Template

from directory import portraits

from .town import Town, settle


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield settle()
        transaction.set_rollback(True)


@pytest.fixture
def town(built: Town, own_media: None) -> Town:
    """The town, with the picture that Alice once had."""
    default_storage.save(portraits.path(**built.things["portrait"]), ContentFile(b"picture"))
    return built


@pytest.fixture(autouse=True)
def quick_and_quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A line is logged for each refusal, and Django's test runner copies the context of every template; here there are
    thousands of them."""
    monkeypatch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security.csrf", "config.errors")]
    for logger in loggers:
        logger.disabled = True
    yield
    for logger in loggers:
        logger.disabled = False
