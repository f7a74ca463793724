"""What waits at the desk and is about recommendations, introductions and the bank."""

from __future__ import annotations

from directory.desk import Load, Tab
from referrals import nominations
from referrals.models import Correction, Recommendation, Report


def first_words() -> Load:
    return Load.of(Recommendation.objects.to_be_read(), since="signed_at")


def without_letter() -> Load:
    return Load.of(nominations.waiting(), since="moved_at")


def reported() -> Load:
    return Load.of(Report.objects.waiting(), since="at")


def disputed() -> Load:
    return Load.of(Correction.objects.waiting(), since="at")


TABS = (
    Tab(
        "Recommendations", "recommendation to read", "recommendations to read",
        "referrals:desk_recommendations", first_words, 3,
    ),
    Tab("Nominations", "nomination", "nominations", "referrals:desk_nominations", without_letter, 4),
    Tab("Reports", "report", "reports", "referrals:desk_reports", reported, 7),
    Tab("Corrections", "disputed line", "disputed lines", "referrals:desk_corrections", disputed, 8),
    Tab("Credit lines", "credit line", "credit lines", "referrals:desk_credit_lines", None, 10),
)  # fmt: skip
