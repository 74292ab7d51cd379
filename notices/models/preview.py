"""A paper looked at before it is issued: watermarked, without a number, gone after a day."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from notices import kinds

PREVIEW_JOB = "print_preview"


class Preview(models.Model):
    """The words as they would be issued now. Only the person who asked may open it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(_("文书种类"), max_length=40, choices=kinds.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("生成时间"))
    words = models.TextField(_("文书原文"))
    seal = models.ForeignKey(
        "vault.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    subject = GenericForeignKey("subject_type", "subject_id")
    pdf = models.OneToOneField(
        "vault.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    pages = models.PositiveIntegerField(_("页数"), null=True, blank=True)
    printed_at = models.DateTimeField(_("打印时间"), null=True, blank=True)
    # What stood in the way of the paper when it was made: text, basis, house, url, url_text.
    lacking = models.JSONField(default=list)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("文书预览")
        verbose_name_plural = _("文书预览")
        ordering = ("-made_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(pdf__isnull=True, pages__isnull=True, printed_at__isnull=True)
                | Q(pdf__isnull=False, pages__isnull=False, printed_at__isnull=False),
                name="preview_pdf_whole_or_none",
            ),
        ]
        indexes = [
            models.Index(fields=("made_at",), name="preview_oldest"),
            models.Index(fields=("subject_type", "subject_id", "by"), name="preview_of_subject"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The paper's own name, as printed."""
        return kinds.get(self.kind).title


class PreviewPicture(models.Model):
    """One page as a picture: a page of the portal shows no PDF within itself, and no phone does."""

    preview = models.ForeignKey(Preview, models.CASCADE, related_name="pictures")
    no = models.PositiveSmallIntegerField()
    file = models.OneToOneField("vault.StoredFile", models.PROTECT, related_name="+")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("preview", "no")
        constraints = [
            models.UniqueConstraint(fields=("preview", "no"), name="preview_picture_once"),
            models.CheckConstraint(condition=Q(no__gte=1), name="preview_picture_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.preview_id} {self.no}"
