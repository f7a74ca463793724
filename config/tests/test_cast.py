"""The people that tests ask for by name."""

from accounts.models import User
from directory.models import Placement
from referrals.models import Recommendation


def test_each_is_who_the_stories_say(
    alice: User, bob: User, charlie: User, dana: User, erin: User, frank: User, gwen: User
) -> None:
    said = Recommendation.objects.shown().get()
    assert (said.author, said.expert_id) == (bob, alice.pk)
    assert set(Placement.objects.values_list("expert", "category__slug")) == {
        (alice.pk, "podcasting"), (erin.pk, "podcasting"),
    }  # fmt: skip
    assert dana.is_curator
    assert not dana.is_owner
    assert charlie.is_member
    assert frank.is_member
    assert not gwen.is_member
    assert alice.email == "alice@example.test"
