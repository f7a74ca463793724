"""What people are told: one Notice each, in the transaction of the act it tells of."""

from .recommendations import (
    answers,
    nominated_by_token,
    nomination_declined,
    nomination_token,
    nomination_unanswered,
    put_forward,
    recommendation_printed,
    recommendation_received,
    recommendation_sent_back,
)

__all__ = [
    "answers",
    "nominated_by_token",
    "nomination_declined",
    "nomination_token",
    "nomination_unanswered",
    "put_forward",
    "recommendation_printed",
    "recommendation_received",
    "recommendation_sent_back",
]
