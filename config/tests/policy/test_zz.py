import pytest
from .walking import Walker


@pytest.mark.django_db
def test_z(town):
    w = Walker(town, "bob")
    w.client.post("/sign-in/login/", {"login": "bob@bob.test", "password": "a long enough password"})
    from accounts.tests.factories import PASSWORD

    r = w.client.post("/sign-in/login/", {"login": "bob@bob.test", "password": PASSWORD})
    from django.test import Client

    c = Client()
    print(c.post("/sign-in/login/", {"login": "bob@bob.test", "password": PASSWORD}).status_code)
    b = c.get("/sign-in/password/change/").content.decode()
    print(b[b.index("<h1") :][:1800])
