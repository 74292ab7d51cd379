"""Evidence: what is taken, what is refused with which words, who may have it."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit import trail
from audit.trail import Refused
from inspections import fieldwork
from inspections.models import Evidence
from tests.factories.inspections import (
    SIGNED,
    InspectionFactory,
    finding,
    photo,
    recorded,
    visit,
)
from tests.factories.vault import png
from vault.models import StoredFile

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def picture(name: str = "现场照片.png", colour: str = "red") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(colour=colour), content_type="image/png")


def post(door: Any, inspection: Any, *files: Any, **changes: Any) -> Any:
    url = reverse("inspections:evidence_new", args=[inspection.pk])
    form = {"kind": "photo", "title": "", "captured_at": "", "finding": "", "uploads": list(files)}
    return door.post(url, form | changes)


def test_several_files_at_once(door: Any, officer: Any) -> None:
    inspection = visit(officer)
    found = finding(inspection, officer)
    response = post(
        door,
        inspection,
        picture(),
        picture("截图.png", "blue"),
        finding=str(found.pk),
        captured_at="2025-01-06T10:42",
    )
    assert response.url == f"{inspection.get_absolute_url()}#evidence"
    first, second = inspection.evidence.order_by("title")
    assert {first.title, second.title} == {"现场照片.png", "截图.png"}
    assert first.finding == found
    assert first.captured_at < first.received_at
    page = door.get(inspection.get_absolute_url()).content.decode()
    assert first.file.sha256[:4] in page
    assert trail.timeline(inspection).first().data["sha256"] in (
        first.file.sha256,
        second.file.sha256,
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("图.svg", SVG),
        ("页.html", HTML),
        ("图.png", SVG),
        ("图.png", HTML),
        ("空.png", b""),
    ],
)
def test_what_is_no_evidence_is_refused_by_name(
    door: Any, officer: Any, name: str, data: bytes
) -> None:
    inspection = visit(officer)
    page = post(door, inspection, picture(), SimpleUploadedFile(name, data)).content.decode()
    assert f"{name}：" in page
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()


def test_sixty_megabytes_are_too_much(door: Any, officer: Any) -> None:
    inspection = visit(officer)
    large = io.BytesIO(png() + b"\0" * (60 * 1024 * 1024))
    large.name = "录像.png"
    page = post(door, inspection, large).content.decode()
    assert "录像.png：" in page
    assert "20 MB" in page
    assert not StoredFile.objects.exists()


def test_each_bad_file_has_its_own_message(door: Any, officer: Any) -> None:
    inspection = visit(officer)
    page = post(
        door,
        inspection,
        SimpleUploadedFile("一.svg", SVG),
        SimpleUploadedFile("二.html", HTML),
    ).content.decode()
    assert "一.svg：" in page
    assert "二.html：" in page


def test_no_file_at_all(door: Any, officer: Any) -> None:
    assert "选择“文件”" in post(door, visit(officer)).content.decode()


def test_the_same_bytes_are_told(door: Any, officer: Any) -> None:
    inspection = visit(officer)
    found = finding(inspection, officer)
    post(door, inspection, picture())
    page = post(door, inspection, picture("副本.png")).content.decode()
    assert "副本.png 已经在证据里：现场照片.png（SHA-256 相同）" in page
    assert inspection.evidence.count() == 1
    url = reverse("inspections:evidence_new", args=[inspection.pk])
    form = {"kind": "photo", "finding": str(found.pk), "uploads": [picture("又一份.png")]}
    page = door.post(url, form, follow=True).content.decode()
    assert "又一份.png 与已有的证据“现场照片.png”是同一个文件" in page
    assert inspection.evidence.count() == 2


def test_evidence_is_handed_out_as_a_file_and_recorded(door: Any, officer: Any) -> None:
    inspection = recorded(officer, findings=0)
    item = fieldwork.add_evidence(inspection, photo(), by=officer, at=SIGNED)
    url = reverse("inspections:evidence_download", args=[item.pk])
    assert door.get(url).status_code == 405
    response = door.post(url)
    assert b"".join(response) == png()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    event = trail.timeline(inspection).first()
    assert (event.verb, event.data["sha256"]) == ("file.download", item.file.sha256)


def test_another_units_evidence_is_not_found(door: Any) -> None:
    stranger = InspectionFactory()
    item = fieldwork.add_evidence(stranger, photo(), by=stranger.created_by, at=SIGNED)
    assert door.post(reverse("inspections:evidence_download", args=[item.pk])).status_code == 404
    assert door.get(reverse("inspections:evidence_remove", args=[item.pk])).status_code == 404


def test_removed_from_a_draft_and_kept_after_the_signature(door: Any, officer: Any) -> None:
    inspection = visit(officer)
    item = fieldwork.add_evidence(inspection, photo(), by=officer, at=SIGNED)
    url = reverse("inspections:evidence_remove", args=[item.pk])
    assert door.get(url).status_code == 200
    door.post(url, {"reason": "传错"})
    assert not inspection.evidence.exists()
    event = trail.timeline(inspection).first()
    assert (event.reason, event.data["sha256"]) == ("传错", item.file.sha256)
    kept = fieldwork.add_evidence(inspection, photo(), by=officer, at=SIGNED)
    inspection.refresh_from_db()
    fieldwork.record_inspection(inspection, by=officer, at=SIGNED)
    page = door.post(
        reverse("inspections:evidence_remove", args=[kept.pk]), {"reason": "传错"}
    ).content.decode()
    assert "不能再修改" in page
    assert inspection.evidence.count() == 1


def test_what_comes_after_the_signature_says_so(door: Any, officer: Any) -> None:
    inspection = recorded(officer, findings=0)
    post(door, inspection, picture())
    assert "签名后收到" in door.get(inspection.get_absolute_url()).content.decode()


def test_evidence_belongs_together(officer: Any) -> None:
    first, second = visit(officer), visit(officer)
    found = finding(second, officer)
    with pytest.raises(Refused, match="不属于这次检查"):
        fieldwork.add_evidence(first, photo(), by=officer, at=SIGNED, finding=found)
    late = SIGNED.replace(year=2030)
    with pytest.raises(Refused, match="在将来"):
        fieldwork.add_evidence(first, photo(), by=officer, at=SIGNED, captured_at=late)
    fieldwork.discard(first, by=officer, at=SIGNED, reason="错")
    with pytest.raises(Refused, match="已作废"):
        fieldwork.add_evidence(first, photo(), by=officer, at=SIGNED)


def test_a_bad_file_leaves_no_finding_behind(door: Any, officer: Any, law: Any) -> None:
    inspection = visit(officer)
    page = door.post(
        reverse("inspections:finding_new", args=[inspection.pk]),
        {
            "form_token": "4b1e0e4e-5a3c-4c5e-8f5a-0d4a7b8f9a01",
            "violation_type": law.kind.pk,
            "seen": "明文存储。",
            "severity": "minor",
            "duty": [law.old_duty.pk],
            "uploads": [picture(), SimpleUploadedFile("页.html", HTML)],
        },
    ).content.decode()
    assert "页.html：" in page
    assert "明文存储。" in page
    assert not inspection.findings.exists()
    assert not StoredFile.objects.exists()
