"""Passkeys: what proves one, and all that proves nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from shifts.models import Line, Person
from tests.sign_in.authenticator import Authenticator
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.line import opening
from warmline.models.line import LineRules
from warmline.models.sign_in import Passkey
from warmline.sign_in import challenges, passkeys
from warmline.sign_in.challenges import SIGN_IN, Site, Unproven, making, sealed, site_of, unsealed

NOW = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LINE, OTHER_LINE = 1, 2
ANA, BO = 1, 2
SITE = Site("line.example", "https://line.example")
SEAL = Seal(["not a secret, and long enough for one"])


@dataclass
class Desk:
    """A line with Ana and Bo, and whatever browsers they have."""

    database: Database
    options: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.database.writing() as db:
            db.execute(insert(Line).values(id=LINE, name="Riverside", time_zone="UTC"))
            db.execute(insert(LineRules).values(line_id=LINE, number="+14135550100"))
            people = [{"id": ANA, "name": "Ana"}, {"id": BO, "name": "Bo"}]
            db.execute(insert(Person).values(line_id=LINE), people)

    def makes(
        self,
        key: Authenticator,
        person: int = ANA,
        name: str = "Ana's phone",
        now: datetime = NOW,
    ) -> int:
        options, challenge = self.begin(person)
        return self.keep(challenge, key.makes(options), person, name, now)

    def begin(self, person: int = ANA) -> tuple[str, bytes]:
        with self.database.reading() as db:
            line = opening.the_line(db)
            return passkeys.begin_registration(db, SEAL, line, person, SITE)

    def keep(
        self,
        challenge: bytes,
        answer: str,
        person: int = ANA,
        name: str = "",
        now: datetime = NOW,
    ) -> int:
        with self.database.writing() as db:
            return passkeys.finish_registration(
                db, LINE, person, SITE, challenge, answer, name, now
            )

    def signs_in(self, key: Authenticator) -> int:
        options, challenge = passkeys.begin_sign_in(SITE)
        return self.enter(challenge, key.proves(options))

    def enter(self, challenge: bytes, answer: str, line_id: int = LINE, now: datetime = NOW) -> int:
        with self.database.writing() as db:
            return passkeys.finish_sign_in(db, line_id, SITE, challenge, answer, now)

    def names(self, person: int = ANA) -> list[str]:
        with self.database.reading() as db:
            return [one.name for one in passkeys.listed(db, person)]

    def count(self) -> int:
        with self.database.reading() as db:
            return db.execute(select(Passkey.sign_count)).scalar_one()


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database = Database(database_url)
    yield Desk(database)
    database.close()


@pytest.fixture
def key() -> Authenticator:
    return Authenticator(SITE.origin)


def changed(answer: str, **parts: str) -> str:
    known: dict[str, Any] = json.loads(answer)
    return json.dumps(known | {"response": known["response"] | parts})


# Making one, and coming in with it.


def test_whoever_has_made_a_passkey_comes_in_with_it(desk: Desk, key: Authenticator) -> None:
    desk.makes(key)
    assert desk.signs_in(key) == ANA
    assert desk.signs_in(key) == ANA
    assert desk.count() == 2


def test_a_passkey_that_does_not_count_its_uses_comes_in_as_well(desk: Desk) -> None:
    key = Authenticator(SITE.origin, counts=False)
    desk.makes(key)
    assert [desk.signs_in(key), desk.signs_in(key)] == [ANA, ANA]
    assert desk.count() == 0


def test_who_has_shown_their_authenticator_nothing_comes_in_as_well(desk: Desk) -> None:
    key = Authenticator(SITE.origin, verifies=False)
    desk.makes(key)
    assert desk.signs_in(key) == ANA


def test_two_people_come_in_each_with_their_own(desk: Desk, key: Authenticator) -> None:
    bos = Authenticator(SITE.origin, key_id=b"the second passkey")
    desk.makes(key)
    desk.makes(bos, BO)
    assert (desk.signs_in(bos), desk.signs_in(key)) == (BO, ANA)


def test_a_counter_beyond_what_the_database_holds_still_comes_in(
    desk: Desk, key: Authenticator
) -> None:
    key.count = 2**32 - 9
    desk.makes(key)
    assert desk.signs_in(key) == ANA


def test_what_is_asked_for_says_nothing_of_anyone(desk: Desk, key: Authenticator) -> None:
    desk.makes(key)
    options, challenge = passkeys.begin_sign_in(SITE)
    asked = json.loads(options)
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "preferred"
    assert asked["timeout"] == 300_000
    assert len(challenge) >= 16
    assert "Ana" not in options


def test_a_new_passkey_is_asked_for_without_a_maker_and_with_those_they_have(
    desk: Desk, key: Authenticator
) -> None:
    first = json.loads(desk.begin()[0])
    assert first["excludeCredentials"] == []
    desk.makes(key)
    asked = json.loads(desk.begin()[0])
    assert len(asked["excludeCredentials"]) == 1
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "preferred"
    assert (asked["rp"], asked["user"]["name"]) == ({"id": SITE.rp_id, "name": "Riverside"}, "Ana")
    assert asked["user"]["id"] == first["user"]["id"]
    assert asked["user"]["id"] != json.loads(desk.begin(BO)[0])["user"]["id"]


# What proves nothing.


def test_a_page_of_another_site_proves_nothing(desk: Desk, key: Authenticator) -> None:
    desk.makes(key)
    key.origin = "https://line.example.org"
    with pytest.raises(Unproven):
        desk.signs_in(key)
    elsewhere = Authenticator("https://line.example.org", key_id=b"the second passkey")
    with pytest.raises(Unproven):
        desk.makes(elsewhere)
    assert len(desk.names()) == 1


def test_a_passkey_for_another_name_proves_nothing(desk: Desk, key: Authenticator) -> None:
    desk.makes(key)
    options, challenge = passkeys.begin_sign_in(Site("example.org", SITE.origin))
    with pytest.raises(Unproven):
        desk.enter(challenge, key.proves(options))


def test_an_answer_to_another_challenge_proves_nothing(desk: Desk, key: Authenticator) -> None:
    options, _ = desk.begin()
    with pytest.raises(Unproven):
        desk.keep(b"another challenge", key.makes(options))
    desk.makes(key)
    options, _ = passkeys.begin_sign_in(SITE)
    with pytest.raises(Unproven):
        desk.enter(passkeys.begin_sign_in(SITE)[1], key.proves(options))


@pytest.mark.parametrize("counts", [True, False])
def test_an_answer_that_comes_again_proves_nothing(desk: Desk, counts: bool) -> None:
    key = Authenticator(SITE.origin, counts=counts)
    desk.makes(key)
    options, challenge = passkeys.begin_sign_in(SITE)
    answer = key.proves(options)
    assert desk.enter(challenge, answer) == ANA
    for later in (NOW, NOW + challenges.LASTS - SECOND):
        with pytest.raises(Unproven):
            desk.enter(challenge, answer, now=later)


def test_a_challenge_makes_one_passkey(desk: Desk, key: Authenticator) -> None:
    options, challenge = desk.begin()
    desk.keep(challenge, key.makes(options))
    other = Authenticator(SITE.origin, key_id=b"the second passkey")
    with pytest.raises(Unproven, match="used before"):
        desk.keep(challenge, other.makes(options))


def test_a_copy_that_lags_behind_in_counting_proves_nothing(desk: Desk, key: Authenticator) -> None:
    desk.makes(key)
    copy = Authenticator(SITE.origin, key=key.key)
    assert [desk.signs_in(key), desk.signs_in(key)] == [ANA, ANA]
    with pytest.raises(Unproven):
        desk.signs_in(copy)
    assert desk.count() == 2


def test_another_key_under_the_same_id_proves_nothing(desk: Desk, key: Authenticator) -> None:
    desk.makes(key)
    with pytest.raises(Unproven):
        desk.signs_in(Authenticator(SITE.origin))


def test_a_passkey_that_somebody_has_is_not_made_theirs_by_another(
    desk: Desk, key: Authenticator
) -> None:
    desk.makes(key)
    with pytest.raises(Unproven, match="known already"):
        desk.makes(Authenticator(SITE.origin), BO)
    assert desk.signs_in(key) == ANA


def test_another_lines_passkey_proves_nothing(desk: Desk, key: Authenticator) -> None:
    desk.makes(key)
    options, challenge = passkeys.begin_sign_in(SITE)
    with pytest.raises(Unproven, match="not known here"):
        desk.enter(challenge, key.proves(options), line_id=OTHER_LINE)


def test_a_passkey_that_was_deleted_proves_nothing(desk: Desk, key: Authenticator) -> None:
    passkey = desk.makes(key)
    with desk.database.writing() as db:
        assert passkeys.remove(db, ANA, passkey)
        assert not passkeys.remove(db, ANA, passkey)
    with pytest.raises(Unproven, match="not known here"):
        desk.signs_in(key)


def test_a_proof_is_not_taken_for_a_new_passkey_nor_one_for_the_other(
    desk: Desk, key: Authenticator
) -> None:
    options, challenge = desk.begin()
    made = key.makes(options)
    with pytest.raises(Unproven):
        desk.enter(challenge, made)
    desk.keep(challenge, made)
    options, challenge = passkeys.begin_sign_in(SITE)
    with pytest.raises(Unproven):
        desk.keep(challenge, key.proves(options))


@pytest.mark.parametrize(
    "nonsense", ["", "{", "[]", "null", "{}", "[" * 90_000, '{"id": "YQ", "rawId": 7}', "\0", "é"]
)
def test_nonsense_proves_nothing(desk: Desk, nonsense: str) -> None:
    with pytest.raises(Unproven):
        desk.enter(b"challenge", nonsense)
    with pytest.raises(Unproven):
        desk.keep(b"challenge", nonsense)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
@pytest.mark.parametrize("said", ["", "e30", "bnVsbA", "AAAA", "é"])
def test_an_answer_with_a_part_of_it_spoiled_proves_nothing(
    desk: Desk, key: Authenticator, part: str, said: str
) -> None:
    desk.makes(key)
    options, challenge = passkeys.begin_sign_in(SITE)
    with pytest.raises(Unproven):
        desk.enter(challenge, changed(key.proves(options), **{part: said}))


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
@pytest.mark.parametrize("said", ["", "e30", "oA", "AAAA", "é"])
def test_a_new_passkey_with_a_part_of_it_spoiled_is_not_kept(
    desk: Desk, key: Authenticator, part: str, said: str
) -> None:
    options, challenge = desk.begin()
    with pytest.raises(Unproven):
        desk.keep(challenge, changed(key.makes(options), **{part: said}))
    assert desk.names() == []


def test_a_passkey_with_an_id_longer_than_any_is_not_kept(desk: Desk, key: Authenticator) -> None:
    key.key_id = bytes(1024)
    with pytest.raises(Unproven, match="too long"):
        desk.makes(key)
    key.key_id = bytes(1023)
    assert desk.makes(key)


# One's own.


def test_ones_own_passkeys_are_listed_by_the_names_they_were_given(desk: Desk) -> None:
    for number, name in enumerate(("Phone", " \x00 my\nkey ", "x" * 70)):
        desk.makes(Authenticator(SITE.origin, key_id=bytes([number])), name=name)
    assert desk.names() == ["Phone", "my key", "x" * 60]
    assert desk.names(BO) == []


def test_nobody_deletes_anothers(desk: Desk, key: Authenticator) -> None:
    passkey = desk.makes(key)
    with desk.database.writing() as db:
        assert not passkeys.remove(db, BO, passkey)
    assert desk.signs_in(key) == ANA


def test_nobody_has_more_than_ten(desk: Desk) -> None:
    for number in range(passkeys.MOST):
        desk.makes(Authenticator(SITE.origin, key_id=bytes([number])))
    with pytest.raises(passkeys.TooMany):
        desk.begin()
    assert desk.begin(BO)


# Challenges, as a browser keeps them.


def test_a_challenge_is_good_for_five_minutes() -> None:
    cookie = sealed(SEAL, b"challenge", SIGN_IN, NOW)
    assert unsealed(SEAL, cookie, SIGN_IN, NOW + challenges.LASTS - SECOND) == b"challenge"
    with pytest.raises(Unproven, match="over"):
        unsealed(SEAL, cookie, SIGN_IN, NOW + challenges.LASTS)


def test_a_challenge_is_good_for_one_thing_and_one_person() -> None:
    cookie = sealed(SEAL, b"challenge", making(ANA), NOW)
    assert unsealed(SEAL, cookie, making(ANA), NOW) == b"challenge"
    for other in (SIGN_IN, making(BO)):
        with pytest.raises(Unproven, match="not ours"):
            unsealed(SEAL, cookie, other, NOW)


@pytest.mark.parametrize("cookie", ["", "x", "é", "A" * 80])
def test_a_challenge_that_we_did_not_seal_is_none(cookie: str) -> None:
    with pytest.raises(Unproven, match="not ours"):
        unsealed(SEAL, cookie, SIGN_IN, NOW)


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://line.example", SITE),
        ("https://Line.Example:443/base", SITE),
        ("https://line.example:8443", Site("line.example", "https://line.example:8443")),
        ("https://línea.example", Site("xn--lnea-vpa.example", "https://xn--lnea-vpa.example")),
        ("http://localhost:8000", Site("localhost", "http://localhost:8000")),
        ("http://line.example", None),
        ("https://127.0.0.1:8000", None),
        ("https://[::1]", None),
        ("https://line..example", None),
        ("", None),
    ],
)
def test_where_browsers_make_passkeys(address: str, site: Site | None) -> None:
    assert site_of(address) == site
