"""A book in which a good deal is written: more than a page of experts in one category, and one of whom many speak."""

from __future__ import annotations

from django.core.management import call_command

from accounts.models import User
from accounts.tests.factories import PASSWORD
from config.demo import factory, portraits
from directory.models import Category, Expert

EXPERTS, AUTHORS = 24, 12  # beside Alice; who all speak of her
PLACE = "/contents/podcasting/"
FULL = "/search/?q=podcasting"


def write() -> None:
    call_command("load_categories", verbosity=0)
    category = Category.objects.get(slug="podcasting")
    dana = factory.make_curator(**factory.named("dana"), password=PASSWORD)
    bob = factory.make_member(**factory.named("bob"), password=PASSWORD)
    authors = [bob, *(factory.make_member(name=f"{name} Vell") for name in NAMES[: AUTHORS - 1])]
    alice = _expert(
        factory.make_member(**factory.named("alice"), password=PASSWORD), category, *category.related.all()[:2], by=dana
    )
    for author in authors:
        factory.make_recommendation(author=author, expert=alice)
    for turn in range(EXPERTS):
        person = factory.make_member(name=f"{NAMES[turn]} {NAMES[-turn]}son")
        expert = _expert(person, category, by=dana, faced=turn % 3 == 0)
        factory.make_recommendation(author=authors[turn % AUTHORS], expert=expert)
    factory.make_pick(expert=alice, curator=dana)


def _expert(member: User, *categories: Category, by: User, faced: bool = True) -> Expert:
    expert = factory.make_expert(member=member, categories=list(categories), by=by)
    if faced:
        name = f"face{expert.pk}"
        portraits.hang(name=name, she=True)
        Expert.objects.filter(pk=expert.pk).update(portrait=name)
    return expert


NAMES = [
    "Ada",
    "Beatriz",
    "Chidi",
    "Dario",
    "Elif",
    "Farid",
    "Greta",
    "Hana",
    "Imani",
    "Jonas",
    "Kirsten",
    "Luca",
    "Mina",
    "Noor",
    "Otto",
    "Paz",
    "Quentin",
    "Rosa",
    "Sanne",
    "Tariq",
    "Uma",
    "Vito",
    "Wanda",
    "Xenia",
    "Yusuf",
]
