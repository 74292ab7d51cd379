"""Articles and reasons as pages show them: the register's words and addresses for references."""

from functools import cached_property
from typing import Any

from audit.trail import Reason
from legal import citations


class Articles:
    """The articles that one page names, by their references; the register is asked once."""

    @cached_property
    def _books(self) -> citations.Register:
        return citations.register()

    def words(self, ref: str) -> str:
        """《行政处罚法》（2021）第二十八条第一款 for APL@2021:28(1); what is no reference stays."""
        article = self._books.by_ref.get(ref)
        return article.cite_short if article is not None else ref

    def links(self, refs: list[str]) -> list[dict[str, str]]:
        """With their pages, for components/why.html."""
        found = [self._books.by_ref[ref] for ref in refs if ref in self._books.by_ref]
        return [{"text": each.cite_short, "url": each.get_absolute_url()} for each in found]


def basis_words(ref: str) -> str:
    """One article in words."""
    return Articles().words(ref)


def basis_links(refs: list[str]) -> list[dict[str, str]]:
    """Several articles with their pages."""
    return Articles().links(refs) if refs else []


def shown(found: list[Reason], articles: Articles | None = None) -> list[dict[str, Any]]:
    """Reasons with their article in words."""
    articles = articles or Articles()
    return [
        {
            "text": reason.text,
            "basis": articles.words(reason.basis) if reason.basis else "",
            "house": reason.house,
            "url": reason.url,
            "url_text": reason.url_text,
        }
        for reason in found
    ]
