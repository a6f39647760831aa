"""The provider's webhook signature, written from its documentation and not with its library."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def sign(auth_token: str, url: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """Base64 of HMAC-SHA1 over the URL and each different field, sorted (TELEPHONY.md 1.4).

    Blank fields count; a field repeated with the same value counts once.
    """
    spoken = url + "".join(key + value for key, value in sorted(set(params)))
    digest = hmac.new(auth_token.encode(), spoken.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
