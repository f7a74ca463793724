from .books import Book
from .drafts import Draft
from .recommendations import Recommendation, Relationship, Wording
from .signing import BudgetSpent, NotPossible

__all__ = ["Book", "BudgetSpent", "Draft", "NotPossible", "Recommendation", "Relationship", "Wording"]
