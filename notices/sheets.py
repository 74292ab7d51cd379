"""What a page shows of a paper: the entries of components/papers.html and of the detail page."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from jobs import ledger
from jobs.models import Job
from notices import waivers
from notices.models import Notice


def entry(notice: Notice, *, user: User, job: Job | None = None) -> dict[str, Any]:
    """One notice for `components/papers.html`. Give `job` where it is at hand; see print_state."""
    state = notice.print_state(job)
    entry: dict[str, Any] = {
        "title": notice.title,
        "page_url": reverse("notices:detail", args=[notice.pk]),
        "number": notice.number,
        "state": state.code,
    }
    if state.code == "ready":
        entry |= {
            "url": reverse("notices:pdf", args=[notice.pk]),
            "verify_url": reverse("verify", args=[notice.verify_code]),
            "pages": notice.pages,
            "bytes": notice.size,
            "at": notice.printed_at,
            "sha256": notice.pdf_sha256,
            "signed": notice.signed_at is not None,
        }
        return entry
    entry["poll_url"] = reverse("notices:state", args=[notice.pk])
    if state.job is not None:
        entry["since"] = state.job.created_at
    if state.code == "queued":
        entry |= {"ahead": max(state.place - 1, 0), "hint": state.reason}
        # Something is in the way; where it is the signature, somebody may answer for going without.
        if state.reason and user.may("notices.waive") and not waivers.can_waive(notice):
            entry["waive_url"] = reverse("notices:waive", args=[notice.pk])
    if state.code == "failed":
        entry |= {"reason": state.reason}
        if state.job is not None:
            entry["job"] = str(state.job.pk)[:8]
            if not ledger.can_retry(state.job, user):
                entry["retry_url"] = reverse("notices:retry", args=[notice.pk])
    return entry


def entries(notices: list[Notice], *, user: User) -> list[dict[str, Any]]:
    """Several notices with two queries for all that are printed or failed."""
    keys = [str(notice.pk) for notice in notices if notice.printed_at is None]
    lined = Job.objects.with_those_before()
    jobs = {job.key: job for job in lined.filter(kind="print_notice", key__in=keys)}
    return [entry(notice, user=user, job=jobs.get(str(notice.pk))) for notice in notices]
