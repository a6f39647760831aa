"""The public holidays of a country in the year ahead, offered and never set by themselves."""

from datetime import date, timedelta
from typing import Final

AHEAD: Final = timedelta(days=366)


def holidays_near(country: str, today: date, language: str) -> list[tuple[date, str]]:
    """Days and names within a year, in the reader's language where the library has it.

    `country` is an ISO 3166 code; none are known for some countries.
    """
    # It loads every country's rules: only this page waits for it.
    import holidays

    years = (today.year, today.year + 1)
    try:
        known = holidays.country_holidays(country, years=years)
        wanted = next(
            (one for one in known.supported_languages if one.split("_")[0] == language), None
        )
        found = holidays.country_holidays(country, years=years, language=wanted)
    except NotImplementedError:
        return []
    return sorted((day, name) for day, name in found.items() if today < day <= today + AHEAD)
