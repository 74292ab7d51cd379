"""What a document may read: nothing but the bytes that were handed to it by name.

WeasyPrint's own fetcher opens file: and http: addresses. A notice is made of words that people
typed, so the default would embed the server's files on request (`<link rel=attachment>`).
The same fetcher goes to HTML() and to CSS().
"""

from collections.abc import Mapping
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

Assets = Mapping[str, tuple[str, bytes]]


class AssetFetcher(URLFetcher):
    """Serves `asset:NAME` from memory; anything else ends the rendering.

    FatalURLFetchingError is a BaseException: `except Exception` does not catch it, so a caller
    has to name it. Where the library swallows it even so (a picture inside an SVG), `refused`
    still tells what was asked for.
    """

    def __init__(self, assets: Assets | None = None) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False, fail_on_errors=True)
        self.assets = dict(assets or {})
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme != "asset" or name not in self.assets:
            self.refused.append(url[:80])
            raise FatalURLFetchingError(f"document tried to read {url[:80]!r}")
        mime, data = self.assets[name]
        return URLFetcherResponse(url, data, {"Content-Type": mime})
