"""What the searches cost in a book of some thousand experts: indexes are used, and nothing reads the whole table."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import Category, SearchDocument, Word
from directory.search import search, spelling
from directory.search.query import Query
from directory.search.suggestions import suggest
from directory.tests.pages import make_book
from directory.tests.shelf import make_shelf

pytestmark = pytest.mark.django_db
NUMBER = 4000


@pytest.fixture
def thousands():
    """Everybody says "patient", one in five hundred "zither"; each has a name of their own."""
    make_book()
    said = {"author": "Daniel Reyes", "relation": "client since 2022"}
    SearchDocument.objects.bulk_create(
        SearchDocument(
            expert=expert,
            name=f"Name{number:x} Nickname",
            plain_name=f"name{number:x} nickname",
            own_words="I wrote a letter. " * 40,
            others=[{"text": f"A patient one{' with a zither' if number % 500 == 0 else ''}.", **said}] * 5,
            score=number % 13,
        )
        for number, expert in enumerate(make_shelf(Category.objects.get(slug="editing"), NUMBER))
    )
    Word.objects.bulk_create(Word(text=f"padding{number:x}", uses=1) for number in range(NUMBER))
    Word.objects.bulk_create([Word(text="zither", uses=8)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def indexes(act, *arguments):
    """The indexes in the plans of what an act asks."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        act(*arguments)
    used = set()
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute("EXPLAIN (FORMAT JSON) " + query["sql"].replace("%", "%%"), [])
            plan = json.dumps(cursor.fetchone()[0])
            used |= {part.split('"')[0] for part in plan.split('"Index Name": "')[1:]}
    return used


def test_a_rare_word_is_found_by_the_index_of_words(thousands):
    assert len(search("zither").experts) == NUMBER / 500
    assert "document_vector" in indexes(search, "zither")


def test_a_common_word_is_read_in_the_order_of_standing_until_there_are_enough(thousands):
    assert "document_standing" in indexes(search, "patient")


def test_typing_errors_and_prefixes_are_looked_up_by_three_letters(thousands):
    assert {"word_trigrams", "document_name_trigrams"} <= indexes(spelling.repair, Query.read("zitherr"))
    assert "document_name_trigrams" in indexes(suggest, "name1f")
