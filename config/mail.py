"""How letters leave: through a mail server named by one address, or into files."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FILES = "django.core.mail.backends.filebased.EmailBackend"
SERVER = "django.core.mail.backends.smtp.EmailBackend"
#: scheme: (STARTTLS, TLS from the first byte, port)
SCHEMES = {
    "smtp": (False, False, 25),
    "smtp+tls": (True, False, 587),
    "smtps": (False, True, 465),
}


@dataclass(frozen=True)
class Server:
    """The parts of `smtp+tls://user:password@host:587`."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False

    @property
    def backend(self) -> str:
        return SERVER if self.host else FILES


def server(url: str) -> Server:
    """The mail server of that address; none (letters become files) for an empty one.

    Raises ImproperlyConfigured, without quoting the address: it holds a password.
    """
    if not url:
        return Server()
    try:
        parts = urlsplit(url)
        starttls, tls, port = SCHEMES[parts.scheme]
        if not parts.hostname:
            raise ValueError
        return Server(
            host=parts.hostname,
            port=parts.port or port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            starttls=starttls,
            tls=tls,
        )
    except (KeyError, ValueError):
        raise ImproperlyConfigured(
            "ZHENGGAI_SMTP_URL does not read; write smtp+tls://user:password@host:587, "
            "smtps://user:password@host:465 or smtp://host:25, with a password that is "
            "percent-encoded."
        ) from None
