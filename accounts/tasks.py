"""What the worker does for this app: it sends letters."""

from __future__ import annotations

import logging
import smtplib
from email.errors import HeaderParseError

from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone
from django_tasks import task

from accounts import letters
from accounts.models import Notice

logger = logging.getLogger(__name__)


class NotTaken(Exception):
    """The mail server certainly did not take the letter: it may be sent again."""


class NobodyKnows(Exception):
    """The line was cut while the letter was handed over: it may have arrived."""


class NoAddress(Exception):
    """No mail server could ever take a letter with this address."""


@task()
def deliver(notice_pk: int) -> str:
    """Send the letter of a notice, at most once, and say what became of it.

    The attempt is written down and committed before the mail server hears of it. Whatever kills the worker
    after that leaves an attempt without outcome, which is never repeated (see jobs.settle_letters)."""
    notice = Notice.objects.waiting().select_related("recipient").filter(pk=notice_pk).first()
    if notice is None:
        return "nothing to send"
    message = letters.compose(notice)  # before the claim: a broken template must not cost an attempt
    claimed = Notice.objects.claim(notice_pk)
    if claimed is None:
        return "nothing to send"
    outcome = attempt(claimed, message)
    logger.info("Letter %s (%s): %s", claimed.pk, claimed.letter, outcome)
    return outcome


def attempt(notice: Notice, message: EmailMultiAlternatives) -> str:
    try:
        hand_over(message)
    except NotTaken as error:
        wait = notice.failed(str(error))
        if wait is None:
            return "held"
        deliver.using(run_after=timezone.now() + wait).enqueue(notice.pk)
        return "later"
    except NobodyKnows as error:
        notice.hold(f"unknown outcome: {error}")
        return "held"
    except NoAddress as error:
        notice.hold(str(error))
        return "held"
    notice.sent()
    return "sent"


def hand_over(message: EmailMultiAlternatives) -> None:
    """One dialogue with the mail server. Raises NotTaken, NobodyKnows or NoAddress."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are OSErrors too; nothing has been handed over yet
        raise NotTaken(describe(error)) from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPServerDisconnected as error:
        raise NobodyKnows(describe(error)) from error
    except smtplib.SMTPException as error:  # the server answered, and the answer was no
        raise NotTaken(describe(error)) from error
    except OSError as error:
        raise NobodyKnows(describe(error)) from error
    except (ValueError, HeaderParseError) as error:  # BadHeaderError, and addresses that cannot be written
        raise NoAddress(describe(error)) from error
    finally:
        close(connection)


def close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]
    except OSError as error:  # the letter is already taken or refused; a rude goodbye changes nothing
        logger.info("The mail server did not say goodbye: %s", describe(error))


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
