"""Passkeys (WebAuthn): made, proven, listed and deleted; only their public halves are kept."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from sqlalchemy import Connection, bindparam, delete, select, update

from shifts.models import Person
from warmline.database.engine import upsert
from warmline.database.records import every, first, made_of
from warmline.database.sealing import Seal
from warmline.line.opening import TheLine
from warmline.models.sign_in import Passkey
from warmline.sign_in.challenges import LASTS, Site, Unproven, use_up

if TYPE_CHECKING:
    # It takes a fifth of a second to load: it is met when a passkey is first made or proven.
    from webauthn.helpers.structs import AuthenticationCredential

TIMEOUT: Final = round(LASTS.total_seconds() * 1000)
"""Milliseconds that a browser waits for somebody to choose a passkey."""
MOST: Final = 10
"""Passkeys that somebody can have."""
LONGEST_NAME: Final = 60
LONGEST_ID: Final = 1023
"""Bytes of a credential's id (Web Authentication Level 3, 4)."""
LARGEST_COUNT: Final = 2**31 - 1
"""The largest count that the database holds; an authenticator may count to twice that."""

T = TypeVar("T")


class KeptPasskey(NamedTuple):
    """The public half of somebody's passkey, as `finish_sign_in` needs it."""

    id: int
    person_id: int
    public_key: bytes
    sign_count: int


class ListedPasskey(NamedTuple):
    """A passkey as its holder sees it; `made_at` is UTC."""

    id: int
    name: str
    made_at: datetime


_OF_LINE: Final = select(
    Passkey.id, Passkey.person_id, Passkey.public_key, Passkey.sign_count
).where(
    Passkey.line_id == bindparam("line_id"), Passkey.credential_id == bindparam("credential_id")
)
_kept_passkey: Final = made_of(KeptPasskey, _OF_LINE.selected_columns)
_LISTED: Final = (
    select(Passkey.id, Passkey.name, Passkey.made_at)
    .where(Passkey.person_id == bindparam("person_id"))
    .order_by(Passkey.id)
)
_listed_passkey: Final = made_of(ListedPasskey, _LISTED.selected_columns)


class TooMany(Exception):
    """They have as many passkeys as somebody can have: one has to be deleted first."""


def begin_registration(
    db: Connection, seal: Seal, line: TheLine, person_id: int, site: Site
) -> tuple[str, bytes]:
    """The options (JSON) with which somebody's browser makes a passkey, and their challenge.

    An authenticator that has one of theirs makes no second one. Raises TooMany.
    """
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    name = db.execute(select(Person.name).where(Person.id == person_id)).scalar_one()
    known = db.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id)).all()
    if len(known) >= MOST:
        raise TooMany
    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=line.name,
        user_id=_handle(seal, line.line_id, person_id),
        user_name=name,
        timeout=TIMEOUT,
        attestation=structs.AttestationConveyancePreference.NONE,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            # One that is not kept on the device could never come in: nobody is asked for a name.
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json(options), options.challenge


def _handle(seal: Seal, line_id: int, person_id: int) -> bytes:
    """By what an authenticator tells accounts apart: always the same, and says nothing of anyone.

    With another secret key it is another; so a passkey is known by its own id, never by this.
    """
    return bytes.fromhex(seal.digests(f"passkey holder {line_id} {person_id}")[0])


def finish_registration(
    db: Connection,
    line_id: int,
    person_id: int,
    site: Site,
    challenge: bytes,
    answer: str,
    name: str,
    now: datetime,
) -> int:
    """Keep the passkey that a browser has made (`answer` is its JSON); the id of its row.

    Raises Unproven; nothing is kept then. A challenge is good once.
    """
    from webauthn import verify_registration_response

    made = _proven(
        lambda: verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
        )
    )
    if len(made.credential_id) > LONGEST_ID:
        raise Unproven("the passkey's id is too long")
    use_up(db, challenge, now)
    row = {
        "line_id": line_id,
        "person_id": person_id,
        "credential_id": made.credential_id,
        "public_key": made.credential_public_key,
        "sign_count": min(made.sign_count, LARGEST_COUNT),
        "name": _shown_name(name),
        "made_at": now,
    }
    passkey_id = db.execute(_KEEP[db.dialect.name], row).scalar()
    if passkey_id is None:
        raise Unproven("the passkey is known already")
    return int(passkey_id)


_KEEP: Final = upsert(
    lambda insert: (
        insert(Passkey)
        .on_conflict_do_nothing(index_elements=["credential_id"])
        .returning(Passkey.id)
    )
)


def begin_sign_in(site: Site) -> tuple[str, bytes]:
    """The options (JSON) with which a browser proves a passkey, and their challenge.

    They name nobody: the browser offers whatever passkeys it has for the site.
    """
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.rp_id,
        timeout=TIMEOUT,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return options_to_json(options), options.challenge


def finish_sign_in(
    db: Connection, line_id: int, site: Site, challenge: bytes, answer: str, now: datetime
) -> int:
    """Whose passkey a browser has proven (`answer` is its JSON); raises Unproven.

    A challenge is good once. A count that has not grown, where the authenticator counts, is
    refused: somebody may have copied the passkey.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    given = _proven(lambda: parse_authentication_credential_json(answer))
    mine = _of_line(db, line_id, given)
    proven = _proven(
        lambda: verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=mine.public_key,
            credential_current_sign_count=mine.sign_count,
        )
    )
    use_up(db, challenge, now)
    _count(db, mine, proven.new_sign_count)
    return int(mine.person_id)


def _of_line(db: Connection, line_id: int, given: "AuthenticationCredential") -> KeptPasskey:
    this = {"line_id": line_id, "credential_id": given.raw_id}
    row = first(db.execute(_OF_LINE, this), _kept_passkey)
    if row is None:
        raise Unproven("the passkey is not known here")
    return row


def _count(db: Connection, mine: KeptPasskey, count: int) -> None:
    """Keep the count, unless the passkey was deleted or used elsewhere a moment ago."""
    still = (Passkey.id == mine.id, Passkey.sign_count == mine.sign_count)
    counted = update(Passkey).where(*still).values(sign_count=min(count, LARGEST_COUNT))
    if db.execute(counted).rowcount != 1:
        raise Unproven("the passkey was used or deleted at the same time")


def _proven(verify: Callable[[], T]) -> T:
    """What the library makes of what a browser sent; it has no one error for what it refuses."""
    try:
        return verify()
    except Exception as no:  # noqa: BLE001 - whatever is wrong with it, it proves nothing
        raise Unproven(type(no).__name__) from None


def _shown_name(name: str) -> str:
    plain = "".join(one if one.isprintable() else " " for one in name)
    return " ".join(plain.split())[:LONGEST_NAME].rstrip()


def listed(db: Connection, person_id: int) -> Sequence[ListedPasskey]:
    """Somebody's passkeys, the oldest first."""
    return every(db.execute(_LISTED, {"person_id": person_id}), _listed_passkey)


def remove(db: Connection, person_id: int, passkey_id: int) -> bool:
    """Delete a passkey of this person's; False if they have none with this id."""
    this = (Passkey.person_id == person_id, Passkey.id == passkey_id)
    return db.execute(delete(Passkey).where(*this)).rowcount > 0
