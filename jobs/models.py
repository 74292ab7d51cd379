"""What the portal still owes: one row per piece of work that a worker will do.

The row is written in the transaction that makes the work necessary, so either both exist
or neither does. The broker only carries the number of the row; losing it costs time, never
work. `jobs.ledger` is the one module that changes these rows.
"""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    def waiting(self) -> "JobQuerySet":
        """Queued, whether it may start already or only after a back-off."""
        return self.filter(state=Job.State.QUEUED)

    def startable(self, at: datetime) -> "JobQuerySet":
        """Queued and allowed to start at `at`."""
        return self.waiting().filter(due_at__lte=at)

    def abandoned(self, at: datetime) -> "JobQuerySet":
        """Running, but the worker has let its lease run out: it is dead or hangs."""
        return self.filter(state=Job.State.RUNNING, lease_until__lt=at)

    def dead(self) -> "JobQuerySet":
        """Given up: a person has to look."""
        return self.filter(state=Job.State.DEAD)

    def unfinished(self) -> "JobQuerySet":
        return self.exclude(state=Job.State.DONE)

    def with_those_before(self) -> "JobQuerySet":
        """Each with `before`: how many queued jobs are older, for the place in line."""
        before = (
            Job.objects.waiting()
            .filter(
                Q(created_at__lt=OuterRef("created_at"))
                | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
            )
            .order_by()
            .annotate(all=Value(1))
            .values("all")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(before=Coalesce(Subquery(before), 0))

    def unheard(self, at: datetime, patience: timedelta) -> "JobQuerySet":
        """Startable, and the doorbell was never rung or was rung more than `patience` ago."""
        return self.startable(at).filter(Q(rung_at=None) | Q(rung_at__lt=at - patience))


class Job(models.Model):
    """One piece of work: `kind` names the handler, `key` makes it the only one of its sort."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        DEAD = "dead", _("已停止")

    MOVES: dict[str, set[str]] = {
        "queued": {"running"},
        "running": {"done", "queued", "dead"},
        "dead": {"queued"},
        "done": set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("种类"), max_length=40)
    key = models.CharField(_("对象"), max_length=100)
    args = models.JSONField(_("参数"), default=dict, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.QUEUED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    # `attempts` only ever grows: it is the fence that keeps a worker which was believed dead
    # from writing over the one that took its place. A retry raises `allowed` instead.
    attempts = models.PositiveIntegerField(_("已尝试"), default=0)
    allowed = models.PositiveIntegerField(_("尝试上限"), default=5)
    lease_until = models.DateTimeField(_("租约至"), null=True, blank=True)
    last_error = models.TextField(_("最近一次错误"), blank=True)
    due_at = models.DateTimeField(_("最早开始"), default=timezone.now)
    # The machine's own time, also where the act that owes the work happened on an earlier day.
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    rung_at = models.DateTimeField(_("最近一次通知"), null=True, blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint(fields=("kind", "key"), name="job_once_per_key"),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running", "done", "dead")),
                name="job_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
                name="job_done_has_time",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("allowed")), name="job_attempts_within_allowed"
            ),
        ]
        indexes = [
            models.Index(
                fields=("due_at", "created_at"),
                condition=Q(state="queued"),
                name="job_queue",
            ),
            models.Index(fields=("lease_until",), condition=Q(state="running"), name="job_leases"),
            models.Index(fields=("-created_at", "-id"), name="job_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    def place_in_line(self) -> int:
        """How many unstarted jobs stand before this one, plus one; 0 when it does not wait.

        Costs one query, none for a row of `with_those_before()`.
        """
        if self.state != Job.State.QUEUED:
            return 0
        before: int | None = getattr(self, "before", None)
        if before is None:
            before = getattr(Job.objects.with_those_before().get(pk=self.pk), "before", 0)
        return before + 1

    def age(self, at: datetime) -> timedelta:
        """How long the work has been owed: until it was done, else until `at`."""
        return (self.done_at or at) - self.created_at
