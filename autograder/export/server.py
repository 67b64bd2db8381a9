"""One course system's server: requests that end, tokens that stay where they belong."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit

import keyring
import keyring.errors
import requests
import urllib3.exceptions
from requests.auth import AuthBase

from .parcels import ExportError, one_line
from .trouble import Busy, Declined, Denied, Unsure

MOST_BYTES = 64 * 2**20
CHUNK = 64 * 1024
LONGEST_REASON = 300
REFUSING = (429, 503)


class Bearer(AuthBase):
    """The token as a header; given so, a `.netrc` cannot put another one in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class NoHeader(AuthBase):
    """No header, not even from a `.netrc`: the token travels in the body."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave a request as it is."""
        return request


class Server:
    """A server at a base address.

    Args:
        secret: never to be shown, not even where the server says it back.
        seconds: the longest a whole request may take, its answer included.

    Raises:
        ExportError: the address would carry the token over the network in the open.
    """

    def __init__(self, url: str, auth: AuthBase, *, secret: str, seconds: float) -> None:
        self.host = host_of(url)
        self._base = url.rstrip("/") + "/"
        self._secret = secret
        self._seconds = seconds
        self._session = requests.Session()
        self._session.auth = auth
        # no proxy leads back to this machine
        self._session.trust_env = not _is_loopback(urlsplit(url).hostname or "")

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> tuple[Any, str | None]:
        """Send one request; redirections are not followed, since they would carry the token away.

        Returns:
            The JSON of the answer, and the path of its next page.

        Raises:
            Denied, Declined, Busy, Unsure: see `trouble`.
        """
        url = urljoin(self._base, path)
        answer, content = self._exchange(method, url, params=params, data=form, json=body)
        self._raise_for(answer, content)
        return _document(content), self._next_page(answer)

    def upload(self, url: str, fields: Mapping[str, Any], name: str, content: bytes) -> Any:
        """Send a file to the address that the server has named for it, without the token.

        Returns:
            The JSON of the answer, which the server itself gives where the upload leads back to it.

        Raises:
            Denied, Declined, Busy, Unsure: see `trouble`.
        """
        hold_private(url)
        files = {"file": (name, content, "text/html")}
        answer, said = self._exchange("POST", url, data=fields, files=files, auth=NoHeader())
        target = answer.headers.get("Location", "")
        if answer.status_code in (301, 302, 303) or (answer.status_code == 201 and target):
            if urlsplit(target).netloc != self.host:
                raise Unsure("the upload leads to another server")
            return self.ask("GET", target)[0]
        self._raise_for(answer, said)
        return _document(said)

    def _exchange(self, method: str, url: str, **how: Any) -> tuple[requests.Response, bytes]:
        """One request and its whole answer, whatever its code."""
        until = time.monotonic() + self._seconds
        limits: dict[str, Any] = {
            "timeout": self._seconds,
            "allow_redirects": False,
            "stream": True,
        }
        try:
            with self._session.request(method, url, **limits, **how) as answer:
                return answer, _read(answer, until)
        except requests.exceptions.SSLError:
            raise Denied("the server's certificate is not to be trusted") from None
        except requests.ConnectTimeout:
            raise Busy("nobody answers at this address") from None
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise Unsure(f"no answer within {self._seconds:g} seconds") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            if _never_left(error):
                raise Busy("no connection to this address") from None
            raise Unsure("the connection broke before the answer was whole") from None

    def shown(self, text: str) -> str:
        """What the server says, as it may be printed: short, one line, without the secret."""
        return one_line(text.replace(self._secret, "…")[:LONGEST_REASON])

    def _raise_for(self, answer: requests.Response, content: bytes) -> None:
        code = answer.status_code
        if code in (200, 201):
            return
        said = self.shown(content.decode("utf-8", "replace"))
        if code in (401, 403):
            raise Denied(f"the server refuses this token, or what it asks for ({code}): {said}")
        if code in REFUSING:
            raise Busy(f"the server is busy ({code})")
        if 300 <= code < 400:
            raise Denied(
                f"the server sends requests elsewhere ({code}); use the address it has now"
            )
        if code >= 500:
            raise Unsure(f"the server failed ({code}): {said}")
        raise Declined(f"the server says no ({code}): {said}")

    def _next_page(self, answer: requests.Response) -> str | None:
        """The next page of a list, if the server names one of its own."""
        target = answer.links.get("next", {}).get("url")
        if not target:
            return None
        parts = urlsplit(target)
        if parts.netloc not in ("", self.host):
            raise Unsure("the next page is on another server")
        return f"{parts.path}?{parts.query}"


def host_of(url: str) -> str:
    """The host and port of a server's address.

    Raises:
        ExportError: the address holds more than an address, or is not private.
    """
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ExportError("--url is only the server's address; a token never stands in it")
    return hold_private(url)


def hold_private(url: str) -> str:
    """The host and port of an address that nobody on the way can read along at.

    Raises:
        Denied: it is no address, or not https and not on this machine.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise Denied("an address is written as in https://moodle.example.edu")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise Denied(f"only https, so that nobody reads what is sent: {parts.netloc}")
    return parts.netloc


def _document(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        raise Unsure("the answer is no JSON; is this the right address?") from None


def _read(answer: requests.Response, until: float) -> bytes:
    """The body, within its time and size, however slowly it drips."""
    content = bytearray()
    while chunk := answer.raw.read1(CHUNK, decode_content=True):
        content += chunk
        if time.monotonic() > until:
            raise requests.Timeout
        if len(content) > MOST_BYTES:
            raise Unsure("the answer is endless")
    return bytes(content)


def _never_left(error: Exception) -> bool:
    """Whether no connection was made at all, so that nothing can have been done."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def read_token(variable: str, service: str, host: str) -> str:
    """The token from the environment, else from the keyring.

    Raises:
        ExportError: it is in neither.
    """
    token = os.environ.get(variable, "").strip()
    if not token:
        with suppress(keyring.errors.KeyringError):
            token = (keyring.get_password(service, host) or "").strip()
    if not token:
        raise ExportError(
            f"no token: put it into the environment as {variable}, "
            f"or into the keyring (`keyring set {service} {host}`)"
        )
    if not token.isascii() or not token.isprintable():
        raise ExportError(f"the token in {variable} has characters that no token has")
    return token
