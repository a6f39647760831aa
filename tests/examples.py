"""How many examples a property test tries: few and the same ones at each push, many when asked.

At each push (profile `push`) the examples are the same each time, none is made smaller, and no
clock is looked at: how busy the machine is changes nothing. `--full`, or
`--hypothesis-profile=large`, tries many times as many, other ones each time, and makes what
fails as small as it can. What was ever found stays as an `@example` or a test of its own.
"""

from typing import Final

from hypothesis import HealthCheck, Phase, settings

PUSH: Final = "push"
LARGE: Final = "large"
MORE: Final = 20
"""Times as many examples in the large size."""
FEW: Final = 40
"""Examples of a test that names no number of its own."""

_NO_CLOCK: Final = (HealthCheck.too_slow,)


def register_profiles() -> None:
    """Make both sizes known and choose the small one; an option may choose the other later."""
    settings.register_profile(
        PUSH,
        max_examples=FEW,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=_NO_CLOCK,
    )
    settings.register_profile(
        LARGE,
        max_examples=FEW * MORE,
        # On a machine that says it is a CI the library's own default is the same ones each time.
        derandomize=False,
        deadline=None,
        print_blob=True,
        suppress_health_check=_NO_CLOCK,
    )
    settings.load_profile(PUSH)


def examples(number: int, *, one_database: bool = False) -> settings:
    """So many examples at each push, many more in the large size.

    `one_database`: a fixture is made once for all of them, as it only names a kind of database
    of which each example takes a fresh one.
    """
    shared = (HealthCheck.function_scoped_fixture,) if one_database else ()
    large = settings.get_current_profile_name() == LARGE
    return settings(
        max_examples=number * (MORE if large else 1),
        suppress_health_check=(*_NO_CLOCK, *shared),
    )
