"""Phone numbers: what is one, and which of them this line may ever ring or text."""

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from shifts.faults import Fault

DIALLED_TYPES = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
}
SPELLING = re.compile(r"[+()\d\s.\-/\u2010-\u2015]{3,40}")
"""Digits and what people put between them; no letters, which the library would turn into digits."""
_FIGURES = re.compile(r"\+?\(?\d[\d\s().\-\u2010-\u2015]{4,38}\d")
"""A number within other words: six figures or more, with what people put between them."""
WRONG = "not a full phone number; write it as +1 413 555 0100"
NORTH_AMERICA = 1
NOT_A_PERSON = re.compile(r"\d{3}(?:\d11\d{4}|5551212)")
"""Within an area code: exchanges x11 and directory assistance lead to services, not to people.

North American Numbering Plan: N11 is never an exchange code, 555-1212 is directory assistance
(https://www.nanpa.com/numbering). The library counts both as valid. The numbers 555-0100 to
555-0199, set aside for fiction, are valid to it as well, so that examples need no rule.
"""


class BadNumber(Fault, ValueError):
    """A text is no full-length phone number; the number itself is never in the words."""


class NotDialled(Fault, ValueError):
    """A number is none that this line may ring or text; it is never in the words."""


def parse(text: str, country: str) -> str:
    """The E.164 form of a number written internationally, or as people do in `country`.

    `country` is an ISO 3166 code such as US. Raises BadNumber, which says what would be right.
    """
    try:
        number = phonenumbers.parse(text if SPELLING.fullmatch(text.strip()) else "", country)
    except phonenumbers.NumberParseException:
        raise BadNumber(WRONG) from None
    if not phonenumbers.is_valid_number(number):
        raise BadNumber(WRONG)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def may_be_dialled(number: str, countries: Collection[str]) -> None:
    """Pass only full numbers of people: fixed, mobile or VoIP in the allowed countries.

    `number` is E.164 to the letter, `countries` ISO 3166 codes. Short, emergency, premium,
    free-phone and x11 numbers fall out by this, and whatever else a provider calls an address.
    Raises NotDialled, which says why.
    """
    parsed = _read(number)
    region = phonenumbers.region_code_for_number(parsed)
    if region not in countries:
        allowed = ", ".join(sorted(countries))
        raise NotDialled(f"a number in {region}; this line calls {allowed} only")
    if phonenumbers.number_type(parsed) not in DIALLED_TYPES or _leads_elsewhere(parsed):
        raise NotDialled("not the number of a fixed, mobile or internet phone")


def country_of(number: str) -> str:
    """The ISO 3166 code of the country of a number in E.164; "US" where it has none."""
    return phonenumbers.region_code_for_number(_read(number)) or "US"


def as_written(number: str) -> str:
    """A number (E.164) as people of its country write it; short codes stay as they are."""
    try:
        return phonenumbers.format_number(_read(number), PhoneNumberFormat.NATIONAL)
    except ValueError:
        return number


def in_groups(text: str) -> str:
    """A number, or words with one in them, as a voice says it: in groups, 413, 555, 0100."""
    return _FIGURES.sub(lambda found: ", ".join(_groups(found.group())), text)


def _groups(number: str) -> list[str]:
    figures = "".join(one for one in number if one.isdigit())
    if len(figures) == 11 and figures[0] == "1":
        figures = figures[1:]
    if len(figures) == 10:
        return [figures[:3], figures[3:6], figures[6:]]
    written = re.findall(r"\d+", number)
    return written if len(written) > 1 else re.findall(r"\d{1,3}", figures)


def is_country(code: str) -> bool:
    """Whether `code` is the ISO 3166 code of a country that has phone numbers."""
    return code in phonenumbers.SUPPORTED_REGIONS


def _read(number: str) -> PhoneNumber:
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        raise NotDialled(WRONG) from None
    # The library reads a number out of "x+1413…", "sip:+1413…@…" and full-width digits as well.
    exact = phonenumbers.format_number(parsed, PhoneNumberFormat.E164) == number
    if not exact or not phonenumbers.is_valid_number(parsed) or parsed.extension:
        raise NotDialled(WRONG)
    return parsed


def _leads_elsewhere(number: PhoneNumber) -> bool:
    national = str(number.national_number)
    return number.country_code == NORTH_AMERICA and bool(NOT_A_PERSON.fullmatch(national))
