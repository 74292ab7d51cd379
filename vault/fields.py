"""Model fields for personal data: sealed in the database, plain only in memory.

A model that holds them needs a primary key that is known before it is saved
(`id = UUIDField(default=uuid4, primary_key=True)`), because each ciphertext is bound to its row.
"""

from typing import Any

from django import forms
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from vault import keys


class Sealed:
    """A ciphertext as it lies in the database; opened with the field and the row's key."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = bytes(data)

    def __repr__(self) -> str:
        return f"<Sealed {len(self.data)} bytes>"

    __str__ = __repr__


class SealedAttribute(DeferredAttribute):
    """Opens the ciphertext when, and only when, somebody reads the attribute."""

    field: "SealedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = self.field.open_for(instance.pk, value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.Field):
    """Text that the database never sees. `max_length` counts characters of the plain text.

    It can be read and written through model instances only: `filter`, `update` with a plain
    text, `bulk_update` and serialisation are refused. Search goes through a BlindIndexField.
    The empty text is stored as such.
    """

    descriptor_class = SealedAttribute
    empty_strings_allowed = True

    def get_internal_type(self) -> str:
        return "BinaryField"

    def place(self, pk: Any) -> str:
        """What the ciphertext is bound to: "accounts.user:phone:<pk>"."""
        if pk is None:
            raise keys.SealError(f"{self.model.__name__} needs its primary key before sealing.")
        return f"{self.model._meta.label_lower}:{self.attname}:{pk}"

    def seal_for(self, pk: Any, value: str | None) -> Sealed | None:
        """Seal a plain text for the row `pk`, for use in `QuerySet.update`."""
        if value is None:
            return None
        return Sealed(keys.seal(str(value).encode(), self.place(pk)) if value != "" else b"")

    def open_for(self, pk: Any, sealed: Sealed) -> str:
        """The plain text of the row `pk`. Raises SealError if it is not that row's."""
        if not sealed.data:
            return ""
        return keys.open_sealed(sealed.data, self.place(pk)).decode()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        return self.seal_for(model_instance.pk, getattr(model_instance, self.attname))

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None or isinstance(value, Sealed):
            return value
        if value in ("", b""):
            return Sealed(b"")
        raise FieldError(
            f"{self.model.__name__}.{self.attname} is sealed: write it through save() or "
            "seal_for(), search it through its blind index."
        )

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not prepared:
            value = self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value.data)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in {"isnull", "exact"} else None

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, (str, Sealed)) else str(value)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.model.__name__}.{self.attname} is sealed and not serialised.")

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(
            **{"form_class": forms.CharField, "max_length": self.max_length, **kwargs}
        )

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        value = super().clean(value, model_instance)
        if value is not None and self.max_length and len(value) > self.max_length:
            forms.CharField(max_length=self.max_length).run_validators(value)
        return value


class BlindIndexField(models.CharField):
    """The blind index of the sealed field `source`, kept with it on every save.

    Search: `User.objects.filter(phone_index=vault.keys.blind("phone", "138 0000 1234"))`.
    `purpose` is the first argument of `blind` (the name of the source if not given).
    """

    def __init__(self, *args: Any, source: str, purpose: str = "", **kwargs: Any) -> None:
        self.source = source
        self.purpose = purpose or source
        kwargs |= {"max_length": 64, "blank": True, "default": "", "editable": False}
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "blank", "default", "editable"):
            kwargs.pop(fixed, None)
        kwargs |= {"source": self.source, "purpose": self.purpose}
        kwargs.setdefault("db_index", False)
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = keys.blind(self.purpose, getattr(model_instance, self.source) or "")
        setattr(model_instance, self.attname, value)
        return value
