"""The commands by which the line forgets, and shows that it does."""

from typing import Annotated

from typer import Option, echo

# Whatever takes long to import is imported in the command: --help is quick.


def purge(
    now: Annotated[bool, Option("--now", help="Also what waits only for its delay.")] = False,
) -> None:
    """Erase whatever is due, here and at the provider."""
    from warmline import purging
    from warmline.app import Parts
    from warmline.serving import check_schema
    from warmline.settings import load

    parts = Parts(load(needs=("WARMLINE_SECRET_KEY",)))
    try:
        check_schema(parts)
        for sentence in purging.purge(parts, sooner=now):
            echo(sentence)
    finally:
        parts.close()
