"""Forms of serving a decision."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from enterprises.wording import Day
from notices.serve_form import ServiceFields
from penalties.forms.acts import ActForm
from penalties.forms.fields import words


class ServiceForm(ServiceFields, ActForm):
    """One attempt to serve a decision (行政处罚法 61, 程序规定 36)."""

    def arrange(self) -> None:
        self.serve_by(self.case.unit, self.user, self.today)


class ReturnedMailForm(ActForm):
    returned_on = Day(label=_("退回日期"))
    note = words(
        label=_("退回原因"),
        help_text=_("例如查无此人、地址不详、逾期未领。"),
        max_length=500,
        rows=2,
    )

    def arrange(self) -> None:
        self.fields["returned_on"].initial = self.today
