from .books import Book
from .drafts import Draft
from .recommendations import BudgetSpent, NotPossible, Recommendation, Relationship, Wording

__all__ = ["Book", "BudgetSpent", "Draft", "NotPossible", "Recommendation", "Relationship", "Wording"]
