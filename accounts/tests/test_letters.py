"""Letters, by a real dialogue with a mail server: sent once, or later, or never, and never twice."""

import datetime as dt
import os
import queue
import re
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts import jobs
from accounts.models import Notice, Suppression
from accounts.models.notices import BACK_OFF
from accounts.tasks import deliver

from .factories import make_guest, make_member, make_notice, send_letters
from .mail_server import MailServer, html_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    settings.EMAIL_TIMEOUT = 2
    settings.SITE_URL = "https://book.example"
    settings.DEFAULT_FROM_EMAIL = "Book of Experts <book@book.example>"
    server.controller.start()
    yield server
    server.controller.stop()


def waiting_tasks() -> list[DBTaskResult]:
    return list(DBTaskResult.objects.filter(task_path=deliver.module_path).order_by("enqueued_at"))


def test_a_letter_is_sent_once(server: MailServer) -> None:
    notice = make_notice(recipient=make_member(email="ann@example.test"), from_name="Priya Raman")
    assert deliver.call(notice.pk) == "sent"
    assert deliver.call(notice.pk) == "nothing to send"
    (letter,) = server.letters
    assert letter["Subject"] == "Priya would like you in the book"
    assert letter["From"] == "Priya Raman via Book of Experts <book@book.example>"
    assert letter["To"] == "ann@example.test"
    assert letter["Auto-Submitted"] == "auto-generated"
    notice.refresh_from_db()
    assert notice.sent_at
    assert notice.attempts == 1


def test_the_same_key_is_one_letter() -> None:
    member = make_member()
    assert make_notice(recipient=member, key="once") == make_notice(recipient=member, key="once")
    assert len(waiting_tasks()) == 1


def test_an_act_that_fails_sends_nothing() -> None:
    with transaction.atomic():
        make_notice()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not waiting_tasks()


def test_text_and_html_say_the_same_and_only_html_is_escaped(server: MailServer) -> None:
    words = {
        "inviter": "O'Neill & <b>Sons</b>",
        "inviter_first": "O'Neill",
        "sentence": 'He said "yes" & meant it.',
    }
    deliver.call(make_notice(words=words, path="/join/abc/").pk)
    (letter,) = server.letters
    text, html = text_of(letter), html_of(letter)
    assert letter["Subject"] == "O'Neill would like you in the book"
    assert "O'Neill & <b>Sons</b>" in text
    assert 'He said "yes" & meant it.' in text
    assert "&lt;b&gt;Sons" in html
    assert "<b>" not in html
    assert set(re.findall(r"https://book\.example/\S+", text)) == set(
        re.findall(r"https://book\.example/[^\"<]+", html)
    )
    assert "https://book.example/join/abc/" in text


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@example.test", "Eve\nSubject: hello", "Eve\x1b\x0b Adams, <x@y.z>"])
def test_a_name_cannot_break_a_header(server: MailServer, name: str) -> None:
    words = {"inviter": name, "inviter_first": name, "sentence": "x"}
    assert deliver.call(make_notice(from_name=name, words=words).pk) == "sent"
    (letter,) = server.letters
    assert letter["Bcc"] is None
    assert letter.get_all("Subject") == [letter["Subject"]]
    (sender,) = letter["From"].addresses
    assert sender.addr_spec == "book@book.example"
    assert sender.display_name.startswith("Eve")


def test_names_of_the_world_arrive(server: MailServer) -> None:
    deliver.call(make_notice(from_name="Zoë Ångström, 王小明").pk)
    assert server.letters[0]["From"].addresses[0].display_name == "Zoë Ångström, 王小明 via Book of Experts"


def test_strangers_and_guests_can_take_themselves_off_and_members_need_not(server: MailServer) -> None:
    for recipient in (None, make_guest(), make_member()):
        deliver.call(make_notice(recipient=recipient).pk)
    stranger, guest, member = server.letters
    for letter in (stranger, guest):
        link = letter["List-Unsubscribe"].strip(" <>")
        assert link.startswith("https://book.example/mail/off/")
        assert link in text_of(letter)
        assert link in html_of(letter)
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/mail/off/" not in member.as_string()
    assert member["List-Unsubscribe"] is None


def test_an_address_that_asked_to_be_left_alone_gets_nothing(server: MailServer) -> None:
    Suppression.objects.add_address("Ann@example.test")
    notice = make_notice(address="ann@example.test")
    assert deliver.call(notice.pk) == "nothing to send"
    assert server.letters == []
    notice.refresh_from_db()
    assert notice.held_at
    assert notice.error == "the address asked to be left alone"


def test_a_member_who_was_once_left_alone_still_gets_his_code(server: MailServer) -> None:
    Suppression.objects.add_address("ann@example.test")
    words = {"subject": "Your code", "text": "123", "html": "<p>123</p>"}
    member = make_member(email="ann@example.test")
    code = make_notice(recipient=member, letter="account", words=words, listed=False)
    stranger = make_notice(address="ann@example.test", letter="account", words=words)
    assert [deliver.call(notice.pk) for notice in (code, stranger)] == ["sent", "nothing to send"]
    for notice in Notice.objects.all():
        assert notice.words == {}


def test_a_refused_letter_is_tried_again_and_arrives_once(server: MailServer) -> None:
    notice = make_notice()
    server.answers = ["451 Come back later", "554 I do not like it"]
    assert deliver.call(notice.pk) == "later"
    notice.refresh_from_db()
    assert "451" in notice.error
    *_, again = waiting_tasks()
    assert dt.timedelta(seconds=50) < again.run_after - timezone.now() <= dt.timedelta(minutes=1)
    assert deliver.call(notice.pk) == "later"
    assert deliver.call(notice.pk) == "sent"
    assert deliver.call(notice.pk) == "nothing to send"
    assert len(server.letters) == 1
    notice.refresh_from_db()
    assert (notice.attempts, notice.error) == (3, "")


def test_two_attempts_have_one_message_id(server: MailServer) -> None:
    ids = []
    server.before_answering = lambda _: ids.append(server.letters[-1]["Message-ID"])
    notice = make_notice()
    deliver.call(notice.pk)
    Notice.objects.filter(pk=notice.pk).update(sent_at=None, started_at=None)
    deliver.call(notice.pk)
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_after_the_last_attempt_it_is_held(server: MailServer) -> None:
    notice = make_notice()
    server.answers = ["451 No"] * 10
    outcomes = [deliver.call(notice.pk) for _ in range(len(BACK_OFF) + 1)]
    assert outcomes == ["later"] * 6 + ["held"]
    assert deliver.call(notice.pk) == "nothing to send"
    assert len(server.answers) == 3
    waits = [round((task.run_after - task.enqueued_at).total_seconds() / 60) for task in waiting_tasks()[1:]]
    assert waits == [1, 5, 30, 120, 360, 1440]


def test_a_mail_server_that_is_down_costs_an_attempt_and_no_letter(server: MailServer, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    notice = make_notice()
    assert deliver.call(notice.pk) == "later"
    settings.EMAIL_PORT = port
    assert deliver.call(notice.pk) == "sent"
    assert len(server.letters) == 1


def test_a_line_cut_after_the_letter_was_handed_over_is_never_tried_again(server: MailServer) -> None:
    server.before_answering = lambda smtp: smtp.transport.abort()
    notice = make_notice()
    assert deliver.call(notice.pk) == "held"
    server.before_answering = None
    assert deliver.call(notice.pk) == "nothing to send"
    assert len(server.letters) == 1
    notice.refresh_from_db()
    assert notice.error.startswith("unknown outcome")


def test_a_worker_killed_in_the_middle_never_sends_twice(server: MailServer) -> None:
    notice = make_notice()
    worker: queue.Queue[int] = queue.Queue()
    server.before_answering = lambda _: os.kill(worker.get(timeout=5), signal.SIGKILL)
    child = os.fork()
    if child == 0:  # the worker: it must not use, nor close, the parent's line to the database
        connection.connection = None
        deliver.call(notice.pk)
        os._exit(0)
    worker.put(child)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert len(server.letters) == 1

    server.before_answering = None
    assert deliver.call(notice.pk) == "nothing to send"
    jobs.settle_letters.call()
    notice.refresh_from_db()
    assert notice.held_at is None  # it may still be at work
    Notice.objects.update(started_at=timezone.now() - dt.timedelta(hours=1))
    jobs.settle_letters.call()
    notice.refresh_from_db()
    assert notice.error == "unknown outcome"
    assert deliver.call(notice.pk) == "nothing to send"
    assert len(server.letters) == 1


def test_eight_workers_at_once_send_it_once(server: MailServer) -> None:
    notice = make_notice()
    start = threading.Barrier(8)
    outcomes = []

    def work() -> None:
        start.wait()
        outcomes.append(deliver.call(notice.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["nothing to send"] * 7 + ["sent"]
    assert len(server.letters) == 1


def test_a_letter_that_cannot_be_addressed_is_held(server: MailServer) -> None:
    notice = make_notice(address="ann@example.test\nBcc: all@example.test")
    assert deliver.call(notice.pk) == "held"
    assert server.letters == []


def test_a_letter_whose_task_was_lost_is_put_back(server: MailServer) -> None:
    lost, queued = make_notice(), make_notice()
    Notice.objects.update(created_at=timezone.now() - dt.timedelta(hours=1))
    DBTaskResult.objects.filter(args_kwargs__args__0=lost.pk).delete()
    jobs.settle_letters.call()
    tasks = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    assert sorted(task.args_kwargs["args"][0] for task in tasks) == [lost.pk, queued.pk]


def test_sign_in_codes_go_ahead_of_other_letters() -> None:
    make_notice()
    code = make_notice(letter="account", words={"subject": "s", "text": "t", "html": "h"})
    assert DBTaskResult.objects.ready().first().args_kwargs["args"] == [code.pk]


def test_old_letters_are_emptied_and_their_keys_kept(server: MailServer) -> None:
    member = make_member()
    old, young, unsent = make_notice(recipient=member), make_notice(recipient=member), make_notice()
    deliver.call(old.pk)
    deliver.call(young.pk)
    long_ago = timezone.now() - dt.timedelta(days=500)
    Notice.objects.filter(pk__in=[old.pk, unsent.pk]).update(created_at=long_ago)
    jobs.forget_old_letters.call()
    assert [bool(notice.words) for notice in Notice.objects.order_by("pk")] == [False, True, True]
    assert list(Notice.objects.listed_for(member)) == [young]
    old.refresh_from_db()
    assert (old.address, old.key != "") == ("", True)
    send_letters()
    assert len(server.letters) == 3
