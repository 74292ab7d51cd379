"""A mypy plugin: two things this project knows that Django's stubs cannot.

* Every view runs behind LoginRequiredMiddleware, so `request.user` is a `User`; the few open
  views ask `is_authenticated`, which both have.
* `form.fields[name]` is whatever the form declares; its `queryset` or `choices` may be narrowed.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import AnyType, Instance, Type, TypeOfAny, UnionType, get_proper_type


def _known_user(context: AttributeContext) -> Type:
    found = get_proper_type(context.default_attr_type)
    if isinstance(found, UnionType):
        people = [
            item
            for item in map(get_proper_type, found.items)
            if isinstance(item, Instance) and item.type.fullname.endswith(".User")
        ]
        return people[0] if people else AnyType(TypeOfAny.explicit)
    return found


def _any_field(context: AttributeContext) -> Type:
    found = get_proper_type(context.default_attr_type)
    if isinstance(found, Instance) and len(found.args) == 2:
        return found.copy_modified(args=[found.args[0], AnyType(TypeOfAny.explicit)])
    return found


class Requests(Plugin):
    """Hooks by attribute name."""

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Called by mypy for every attribute access."""
        if fullname == "django.http.request.HttpRequest.user":
            return _known_user
        if fullname.endswith(".fields") and fullname.startswith("django.forms."):
            return _any_field
        return None


def plugin(_version: str) -> type[Plugin]:
    """What mypy asks for."""
    return Requests
