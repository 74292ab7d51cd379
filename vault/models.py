"""StoredFile: one encrypted file under MEDIA_ROOT. Its bytes never change."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """What is known of a file without opening it. `vault.files` writes and reads the bytes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("文件名"), max_length=255)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("字节数"))
    sha256 = models.CharField("SHA-256", max_length=64)
    stored_at = models.DateTimeField(_("存入时间"))
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("存入人"),
    )
    path = models.CharField(_("位置"), max_length=200, unique=True)
    key_id = models.CharField(_("密钥编号"), max_length=32)

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        ordering = ["-stored_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="storedfile_sha256_is_a_digest",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(name="storedfile_has_a_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["sha256"], name="storedfile_sha256")]

    def __str__(self) -> str:
        return self.name
