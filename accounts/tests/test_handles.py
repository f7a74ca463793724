import threading

import pytest
from django.db import connection

from accounts.models import FormerHandle, User

from .factories import make_member, make_user


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Miriam Okafor", "miriam-okafor"),
        ("Zoë Ångström", "zoe-angstrom"),
        ("O'Neill & Sons", "oneill-sons"),
        ("Jørn Weiß", "jorn-weiss"),
    ],
)
def test_a_public_address_is_made_from_the_name(name: str, handle: str) -> None:
    assert make_member(name=name).handle == handle


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Юлия Петрова", "王小明", "!!!"])
def test_names_without_latin_letters_get_one_too(name: str) -> None:
    assert make_member(name=name).handle.startswith("member-")


@pytest.mark.django_db
def test_people_of_one_name_are_counted() -> None:
    assert [make_member(name="Ann Lee").handle for _ in range(3)] == ["ann-lee", "ann-lee-2", "ann-lee-3"]


@pytest.mark.django_db
def test_the_address_left_behind_redirects_and_goes_to_nobody_else() -> None:
    ann, ben = make_member(name="Ann Lee"), make_member(name="Ben Lee")
    assert ann.change_handle("ann")
    assert FormerHandle.objects.get(handle="ann-lee").user == ann
    assert not ben.change_handle("ann-lee")
    assert not ben.change_handle("ann")
    assert User.objects.get(pk=ben.pk).handle == ben.handle == "ben-lee"
    assert make_member(name="Ann Lee").handle == "ann-lee-2"


@pytest.mark.django_db
def test_one_may_come_back_to_an_address_of_one_s_own() -> None:
    ann = make_member(name="Ann Lee")
    assert ann.change_handle("ann")
    assert ann.change_handle("ann-lee")
    assert list(ann.former_handles.values_list("handle", flat=True)) == ["ann"]


@pytest.mark.django_db(transaction=True)
def test_eight_people_of_one_name_at_once_get_eight_addresses() -> None:
    people = [make_user(name="Ann Lee") for _ in range(8)]
    start = threading.Barrier(8)

    def take(person: User) -> None:
        start.wait()
        person.take_handle()
        connection.close()

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handles = set(User.objects.values_list("handle", flat=True))
    assert handles == {"ann-lee", *(f"ann-lee-{number}" for number in range(2, 9))}
