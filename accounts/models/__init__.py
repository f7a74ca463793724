from .invitations import Invitation
from .notices import Notice
from .suppressions import Suppression
from .users import FormerHandle, User

__all__ = ["FormerHandle", "Invitation", "Notice", "Suppression", "User"]
