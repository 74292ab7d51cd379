"""What is taken as evidence and what is not, each refusal with its own reason."""

import resource
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.vault.uploads_corpus import BAD_NAMES, GENUINE, HOSTILE, NAMES, picture
from vault import uploads


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", data)
    file._name = name  # Django cleans the name of a form; here it comes as it may come
    return file


@pytest.mark.parametrize(
    ("name", "data", "content_type"), GENUINE, ids=[name for name, _, _ in GENUINE]
)
def test_genuine_files_are_taken_unchanged(name: str, data: bytes, content_type: str) -> None:
    checked = uploads.check(upload(name, data))
    assert (checked.name, checked.content_type, checked.data) == (name, content_type, data)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    HOSTILE,
    ids=[f"{number}-{name}" for number, (name, _, _) in enumerate(HOSTILE)],
)
def test_hostile_files_are_refused_with_a_reason(name: str, data: bytes, says: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    with pytest.raises(uploads.BadUpload) as refusal:
        uploads.check(upload(name, data))
    assert says in refusal.value.message
    assert refusal.value.message.endswith("。")
    assert time.monotonic() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_sixty_megabytes_are_refused_naming_the_limit() -> None:
    big = upload("视频.zip", b"PK\x03\x04")
    big.size = 60 * 1024 * 1024
    with pytest.raises(uploads.BadUpload) as refusal:
        uploads.check(big)
    assert refusal.value.message == "文件有 60 MB，超过 20 MB 的上限。"


def test_a_size_that_lies_is_found_while_reading() -> None:
    big = upload("日志.txt", b"a" * 2000)
    big.size = 10
    with pytest.raises(uploads.BadUpload, match="上限"):
        uploads.check(big, max_bytes=1000)


@pytest.mark.parametrize(("name", "clean"), NAMES)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert uploads.check(upload(name, picture("JPEG", (4, 4)))).name == clean


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_of_nothing_are_refused(name: str) -> None:
    with pytest.raises(uploads.BadUpload, match="文件名不完整"):
        uploads.check(upload(name, picture("JPEG", (4, 4))))
