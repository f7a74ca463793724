import time
from urllib.parse import urlsplit
import pytest
from config.tests.policy.town import settle
from .looking import *

pytestmark=pytest.mark.django_db
@pytest.fixture(scope="module")
def town(book):
    t=time.time(); x = settle(); print("settle", time.time()-t); return x

def test_a(town, visit, axe, book):
    for path, email in [("/",""),("/contents/podcasting/",""),("/experts/alice/",""),("/desk/",town.people["dana"].email),("/listing/edit/", town.people["alice"].email)]:
        t=time.time()
        page = visit(path, email=email)
        print(path, page.title(), time.time()-t); t=time.time()
        print(problems_in_views(page, axe)); print(time.time()-t)
        print(problems_in_markup(page.request.get(path).text()))
