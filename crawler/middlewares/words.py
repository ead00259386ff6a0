"""The bytes of a short answer, so that Chinese words are found in them."""

from __future__ import annotations


def in_utf8(body: bytes) -> bytes:
    """The same in UTF-8: a refusal or an error page in GBK says what it says. What is UTF-8 comes as it is."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace").encode()
    return body
