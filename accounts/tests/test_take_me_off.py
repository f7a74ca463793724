"""An address is left alone: one tap, no account, from everybody, at once."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Suppression
from accounts.models.suppressions import off_token

from .factories import make_notice, send_letters

pytestmark = pytest.mark.django_db


def page_of(email: str) -> str:
    return reverse("accounts:take_me_off", args=[off_token(email)])


def test_a_scanner_that_follows_the_link_changes_nothing() -> None:
    page = Client().get(page_of("zoe@example.test"))
    assert "<h1>No more letters?</h1>" in page.content.decode()
    assert not Suppression.objects.exists()
    assert not page.cookies


def test_one_tap_without_cookie_or_token_stops_everything() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(page_of("zoe@example.test"), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert "<h1>No more letters</h1>" in answer.content.decode()
    assert Suppression.objects.covers("ZOE@example.test ")
    for letter in ("invite", "account"):
        words = {"subject": "s", "text": "t", "html": "h"}
        make_notice(address="zoe@example.test", letter=letter, words=words)
    send_letters()
    assert mail.outbox == []


def test_twice_is_once() -> None:
    for _ in range(2):
        assert Client().post(page_of("zoe@example.test")).status_code == 200
    assert Suppression.objects.count() == 1


def test_put_me_back() -> None:
    client = Client(enforce_csrf_checks=True)
    client.post(page_of("zoe@example.test"))
    back = reverse("accounts:put_me_back", args=[off_token("zoe@example.test")])
    assert back in client.get(page_of("zoe@example.test")).content.decode()
    assert client.get(back).status_code == 405
    assert "Letters may come again" in client.post(back).content.decode()
    assert not Suppression.objects.exists()
    assert client.post(back).status_code == 200


def test_no_address_is_kept() -> None:
    Suppression.objects.add_address("zoe@example.test")
    assert "zoe" not in str(Suppression.objects.values().get())


@pytest.mark.parametrize("token", ["nonsense", "InpvZUBleGFtcGxlLnRlc3Qi:abc", "x" * 500])
def test_a_made_up_link_leads_nowhere(token: str) -> None:
    assert Client().get(f"/mail/off/{token}/").status_code == 404
    assert Client().post(f"/mail/off/{token}/").status_code == 404
    assert Client().post(f"/mail/off/{token}/back/").status_code == 404
