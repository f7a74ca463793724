from .asking import InsufficientFunds, NotAllowed, WrongStage
from .books import Book
from .cases import Correction, Report
from .drafts import Draft
from .introductions import Introduction
from .ledger import Account, CreditLine, Entry, IdempotencyConflict, Leg
from .outcomes import Outcome, Thanks
from .recommendations import Recommendation, Relationship, Wording
from .refusals import Refusal
from .signing import BudgetSpent, NotPossible
from .stages import Route, Stage, Step, When
from .touches import PrivateNote, TooMany, Touch

__all__ = [
    "Account",
    "Book",
    "BudgetSpent",
    "Correction",
    "CreditLine",
    "Draft",
    "Entry",
    "IdempotencyConflict",
    "InsufficientFunds",
    "Introduction",
    "Leg",
    "NotAllowed",
    "NotPossible",
    "Outcome",
    "PrivateNote",
    "Recommendation",
    "Refusal",
    "Relationship",
    "Report",
    "Route",
    "Stage",
    "Step",
    "Thanks",
    "TooMany",
    "Touch",
    "When",
    "Wording",
    "WrongStage",
]
