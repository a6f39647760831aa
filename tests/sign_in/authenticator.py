"""An authenticator in software, with its browser: it makes passkeys (P-256) and proves them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

THERE, VERIFIED, NEW_KEY = 0x01, 0x04, 0x40
"""What the flags say: somebody is there, has shown who they are, and a key was made."""


@dataclass
class Authenticator:
    """One passkey at most. One that is kept in a cloud does not count: `counts` is False."""

    origin: str
    counts: bool = True
    verifies: bool = True
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    key_id: bytes = b"the first passkey"
    count: int = 0

    def makes(self, options: str) -> str:
        """What `navigator.credentials.create` answers, as JSON."""
        asked = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        x, y = (one.to_bytes(32, "big") for one in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        made = bytes(16) + len(self.key_id).to_bytes(2, "big") + self.key_id + public
        said = self._said(asked["rp"]["id"], NEW_KEY) + made
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": said})
        seen = self._seen("webauthn.create", asked)
        return self._answer(clientDataJSON=seen, attestationObject=attested)

    def proves(self, options: str) -> str:
        """What `navigator.credentials.get` answers, as JSON."""
        asked = json.loads(options)
        self.count += self.counts
        said, seen = self._said(asked["rpId"], 0), self._seen("webauthn.get", asked)
        signed = self.key.sign(said + sha256(seen).digest(), ECDSA(SHA256()))
        return self._answer(clientDataJSON=seen, authenticatorData=said, signature=signed)

    def _said(self, rp_id: str, more: int) -> bytes:
        flags = THERE | (VERIFIED if self.verifies else 0) | more
        return sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _seen(self, kind: str, asked: dict[str, Any]) -> bytes:
        challenge = written(urlsafe_b64decode(asked["challenge"] + "=="))
        seen = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps(seen).encode()

    def _answer(self, **response: bytes) -> str:
        key_id = written(self.key_id)
        parts = {name: written(part) for name, part in response.items()}
        return json.dumps({"id": key_id, "rawId": key_id, "type": "public-key", "response": parts})


def written(raw: bytes) -> str:
    """Bytes as browsers write them: base64url without its padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")
