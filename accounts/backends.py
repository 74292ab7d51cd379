"""Who logs in: by user name or police number, and with the unit already at hand."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest

from accounts.models import User


class StaffBackend(BaseBackend):
    """Passwords of the table of users. Rights come from roles, not from this backend."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs: Any
    ) -> User | None:
        if not username or not password or "\x00" in username:
            return None
        user = (
            User.objects.filter(Q(username=username) | Q(police_number=username))
            .order_by(Case(When(username=username, then=Value(0)), default=Value(1)))
            .first()
        )
        if user is None:
            User().set_password(password)  # as slow as for a name that exists
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: UUID) -> User | None:
        """The person of a session, unless barred meanwhile."""
        return User.objects.select_related("unit").filter(pk=user_id, is_active=True).first()
