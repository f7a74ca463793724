from .categories import Category, FormerSlug, Part
from .decisions import Conflict, Decision, Pick
from .experts import BEFORE_PRINT, OUT_OF_PRINT, Expert, ExpertCategory, NotReady, State, WrongMove
from .placements import Placement, SearchDocument
from .places import Place
from .revisions import Revision
from .words import Word

__all__ = [
    "BEFORE_PRINT",
    "OUT_OF_PRINT",
    "Category",
    "Conflict",
    "Decision",
    "Expert",
    "ExpertCategory",
    "FormerSlug",
    "NotReady",
    "Part",
    "Pick",
    "Place",
    "Placement",
    "Revision",
    "SearchDocument",
    "State",
    "Word",
    "WrongMove",
]
