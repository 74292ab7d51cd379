"""Conditions of the lists of the register."""

from django import forms
from django.utils.translation import gettext_lazy as _

from legal.models import Article, Law, ViolationType


class LawConditions(forms.Form):
    """What the list of laws is narrowed by; all of it stands in the address."""

    q = forms.CharField(
        label=_("查找法规、条款、要义、原文"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("网安法 21、CSL 23、应急预案")}
        ),
    )
    law = forms.ModelChoiceField(
        label=_("法规"), queryset=Law.objects.all(), required=False, empty_label=_("全部")
    )
    kind = forms.ChoiceField(
        label=_("性质"), required=False, choices=[("", _("全部")), *Article.Kind.choices]
    )
    level = forms.ChoiceField(
        label=_("效力层级"),
        required=False,
        choices=[("", _("全部")), *Law.Level.choices],
    )
    on = forms.DateField(label=_("某日有效"), required=False)


class ViolationConditions(forms.Form):
    """What the list of violation types is narrowed by, and the day whose law is shown."""

    q = forms.CharField(label=_("查找违法行为、表述"), required=False, max_length=60)
    family = forms.ChoiceField(
        label=_("类别"),
        required=False,
        choices=[("", _("全部")), *ViolationType.Family.choices],
    )
    on = forms.DateField(label=_("行为发生之日"), required=False)
