from .categories import Category, FormerSlug, Part
from .decisions import Conflict, Decision, Pick
from .experts import BEFORE_PRINT, OUT_OF_PRINT, Expert, ExpertCategory, NotReady, State, WrongMove
from .papers import FormerPaperSlug, Paper, PaperState, TooManyPapers, WrongPaperMove
from .placements import Placement, SearchDocument
from .places import Place
from .questions import Question, TooManyQuestions
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
    "FormerPaperSlug",
    "FormerSlug",
    "NotReady",
    "Paper",
    "PaperState",
    "Part",
    "Pick",
    "Place",
    "Placement",
    "Question",
    "Revision",
    "SearchDocument",
    "State",
    "TooManyPapers",
    "TooManyQuestions",
    "Word",
    "WrongMove",
    "WrongPaperMove",
]
