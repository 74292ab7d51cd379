"""Units and regions for the system administrator; people and roles for the security one."""

import io
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image

from accounts import people, seals
from accounts.models import Region, Role, RoleHolding, Unit, User
from accounts.roles import ADMINISTRATOR, VERBS
from accounts.rooms import ReadOnlyAdmin, RoomAdmin, RoomInline
from vault import files, masks, uploads

__all__ = ["ReadOnlyAdmin", "RoomAdmin", "RoomInline"]


@admin.register(Region)
class RegionAdmin(RoomAdmin):
    verb = "admin.system"
    list_display = ["code", "name", "parent"]
    search_fields = ["code", "name"]
    list_select_related = ["parent"]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        return ["code"] if obj else []


class UnitForm(forms.ModelForm):
    """A unit, with the picture of its seal. Papers issued before keep the seal they had."""

    seal_picture = forms.FileField(
        label=_("印章图片"),
        required=False,
        help_text=_("PNG，底色透明，宽高相等，300 至 2000 像素，不超过 1 MB。演示单位不使用。"),
    )

    class Meta:
        model = Unit
        fields = [
            "name",
            "short_name",
            "abbreviation",
            "level",
            "region",
            "parent",
            "letterhead",
            "address",
            "phone",
            "postcode",
            "reconsideration_body",
            "court",
        ]

    def clean_seal_picture(self) -> uploads.Checked | None:
        given = self.cleaned_data["seal_picture"]
        if not given:
            return None
        try:
            picture = uploads.check(given, max_bytes=uploads.MEGABYTE)
        except uploads.BadUpload as bad:
            raise ValidationError(str(bad), code="bad_upload") from bad
        if picture.content_type != "image/png":
            raise ValidationError(_("印章须是 PNG 图片，底色才能透明。"), code="not_png")
        with Image.open(io.BytesIO(picture.data), formats=["PNG"]) as image:
            width, height = image.size
        if width != height or not 300 <= width <= 2000:
            raise ValidationError(
                _("图片是 %(width)s × %(height)s 像素；须宽高相等，300 至 2000 像素。"),
                code="size",
                params={"width": width, "height": height},
            )
        try:
            return replace(picture, data=seals.prepare(picture.data))
        except uploads.BadUpload as bad:
            raise ValidationError(str(bad), code="bad_upload") from bad


@admin.register(Unit)
class UnitAdmin(RoomAdmin):
    verb = "admin.system"
    form = UnitForm
    list_display = ["name", "abbreviation", "level", "region", "parent"]
    list_select_related = ["region", "parent"]
    search_fields = ["name", "short_name", "abbreviation"]

    def save_model(self, request: Any, obj: Unit, form: Any, change: bool) -> None:
        picture = form.cleaned_data.get("seal_picture")
        if picture is not None:
            obj.seal = files.store(
                picture.data, picture.name, picture.content_type, by=request.user
            )
        super().save_model(request, obj, form, change)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: Any, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "parent" and field is not None:
            # Only the root's administrator adds another root; a unit without one would be lost.
            # The very first unit is added by somebody who has none yet.
            own = request.user.unit
            field.required = Unit.objects.exists() if own is None else own.parent_id is not None
        return field

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        own_root = obj is not None and obj.pk == request.user.unit_id
        return ["parent"] if own_root else []


class HoldingFormSet(forms.BaseInlineFormSet):
    """Says on the form what `accounts.people` would refuse."""

    by: User

    def clean(self) -> None:
        super().clean()
        reasons: list[str] = []
        staying: list[Role] = []
        with transaction.atomic():
            for form in self.forms:
                holding, leaving = form.instance, form.cleaned_data.get("DELETE")
                # A role that is held is only shown; Django leaves its bare key in cleaned_data.
                role = holding.role if holding.pk else form.cleaned_data.get("role")
                if leaving and holding.pk:
                    reasons += people.can_revoke(self.instance, holding.role, self.by)
                elif holding.pk is None and role is not None:
                    reasons += self._cannot_grant(role)
                if role is not None and not leaving:
                    staying.append(role)
        if sum(role.kind == ADMINISTRATOR for role in staying) > 1:
            reasons.append(str(_("系统管理员、安全管理员、审计管理员三个角色不能由同一人兼任。")))
        if reasons:
            raise ValidationError(list(dict.fromkeys(str(reason) for reason in reasons)))

    def _cannot_grant(self, role: Role) -> list[str]:
        if self.instance._state.adding:
            return []
        leaving = {form.instance.role_id for form in self.forms if form.cleaned_data.get("DELETE")}
        others = self.instance.holdings.filter(kind=ADMINISTRATOR).exclude(role__in=leaving)
        if role.kind == ADMINISTRATOR and not others.exists():
            return [] if self.by.pk != self.instance.pk else people.own_roles()
        return people.can_grant(self.instance, role, self.by)


class HoldingInline(RoomInline):
    model = RoleHolding
    verb = "admin.security"
    formset = HoldingFormSet
    fields = ["role"]

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False  # a role is given or taken, never turned into another

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.by = request.user
        return formset


class UserForm(forms.ModelForm):
    new_password = forms.CharField(
        label=_("新密码"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("由本人在下次登录时更改。"),
    )
    new_email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        max_length=254,
        help_text=_("不改的留空。填了的，期限提醒也发到这里。"),
    )
    no_email = forms.BooleanField(label=_("删去电子邮箱"), required=False)
    by: User

    class Meta:
        model = User
        fields = [
            "username",
            "name",
            "police_number",
            "unit",
            "certificate_number",
            "certificate_expires_on",
            "language",
            "is_active",
        ]

    def clean_police_number(self) -> str | None:
        return self.cleaned_data["police_number"] or None

    def clean_new_password(self) -> str:
        password = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        elif self.instance._state.adding:
            raise ValidationError(_("请设置首次登录的密码。"))
        return password

    def clean_is_active(self) -> bool:
        active = self.cleaned_data["is_active"]
        if not active and not self.instance._state.adding:
            with transaction.atomic():
                if reasons := people.can_deactivate(self.instance, self.by):
                    raise ValidationError(reasons)
        return active


@admin.register(User)
class UserAdmin(RoomAdmin):
    verb = "admin.security"
    form = UserForm
    inlines = [HoldingInline]
    list_display = ["username", "name", "police_number", "unit", "is_active"]
    list_select_related = ["unit"]
    list_filter = ["is_active"]
    search_fields = ["username", "name", "police_number"]
    readonly_fields = ["masked_phone", "masked_email"]

    @admin.display(description=_("手机"))
    def masked_phone(self, obj: User) -> str:
        return masks.phone(obj.phone)

    @admin.display(description=_("现在的电子邮箱"))
    def masked_email(self, obj: User) -> str:
        return masks.email(obj.email)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False  # people are barred, never deleted: the record names them

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request: Any, obj: User, form: UserForm, change: bool) -> None:
        now, password = timezone.now(), form.cleaned_data["new_password"]
        active = obj.is_active
        if form.cleaned_data["no_email"]:
            obj.email = ""
        elif form.cleaned_data["new_email"]:
            obj.email = form.cleaned_data["new_email"]
        if not change:
            obj.set_password(password)
            obj.must_change_password = True
            obj.password_changed_at = now
            obj.save(force_insert=True)
            return
        toggled = "is_active" in form.changed_data
        if toggled:
            obj.is_active = not active
        obj.save()
        if toggled and active:
            people.reactivate(obj, by=request.user, at=now)
        elif toggled:
            people.deactivate(obj, by=request.user, at=now)
        if password:
            people.set_password(obj, password, by=request.user, at=now)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Roles go through the verbs, so that each leaves its own line in the record."""
        formset.save(commit=False)
        now = timezone.now()
        for holding in formset.deleted_objects:
            people.revoke(holding.user, holding.role_id, by=request.user, at=now)
        for holding in formset.new_objects:
            people.grant(form.instance, holding.role_id, by=request.user, at=now)


class RoleForm(forms.ModelForm):
    verbs = forms.MultipleChoiceField(
        label=_("权限"), choices=VERBS.items, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Role
        fields = ["code", "name", "name_en", "verbs"]


@admin.register(Role)
class RoleAdmin(RoomAdmin):
    """Work roles may be shaped and added; the three administrators' are fixed."""

    verb = "admin.security"
    form = RoleForm
    list_display = ["code", "name", "name_en", "kind", "customised"]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        return ["code"] if obj else []

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_edit(request) and (obj is None or obj.kind != ADMINISTRATOR)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def save_model(self, request: Any, obj: Role, form: Any, change: bool) -> None:
        obj.customised = True
        super().save_model(request, obj, form, change)
