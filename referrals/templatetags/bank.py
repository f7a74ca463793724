"""How statements write points."""

from django import template

from referrals import bank

register = template.Library()


@register.filter
def units(points: float) -> str:
    """Two decimals: 150 points are "1.50"."""
    return bank.units(points)
