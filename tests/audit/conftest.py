import pytest

from audit import trail


@pytest.fixture(autouse=True)
def _own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that a test registers end with it."""
    monkeypatch.setattr(trail, "_words", dict(trail._words))
