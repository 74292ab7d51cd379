"""One kind of paper: everything about it that is not the words of one case."""

from dataclasses import dataclass

from django.utils.functional import Promise

from notices.elements import Element


@dataclass(frozen=True)
class Kind:
    """
    Args:
        code: how the portal calls it.
        title: the name of the paper, as printed.
        word: what pages call it.
        template: its words; extends notices/paper.html.
        pattern: the default number; a unit's own NumberPattern takes its place.
        elements: what it must say, in the order of the form.
        blocks: the standing paragraphs it prints, codes of `notices.blocks`.
        copies: how many are made, and `copies_words` who gets them; printed at the foot.
        signers: who signs it by hand, in order, as printed.
        sealed: it carries the organ's seal over name and date.
        prints_number: the number is printed under the title. Records and internal forms have
            none; the portal still gives them one, to file them under.
        has_stub: a stub (存根) stays in the house, behind a cut line.
        remedies: it states reconsideration and litigation, so the unit must name both bodies.
        internal: it stays in the file and is never served.
        house_code: the words of the number that mark the kind (代字) are the house's own choice;
            no published form or rule gives them.
        basis: the articles it rests on, as references of the register.
    """

    code: str
    title: str
    word: str | Promise
    template: str
    pattern: str
    elements: tuple[Element, ...] = ()
    blocks: tuple[str, ...] = ()
    copies: int = 2
    copies_words: str = ""
    signers: tuple[str, ...] = ()
    sealed: bool = True
    prints_number: bool = True
    has_stub: bool = False
    remedies: bool = False
    internal: bool = False
    house_code: bool = False
    basis: tuple[str, ...] = ()
