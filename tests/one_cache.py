"""Each test has a database of its own; SQL once written for its kind is kept for them all."""

from typing import Any

from sqlalchemy import Engine, create_engine

from tests.planned import plan
from tests.written_tables import tables_of

KEPT = 3000
"""Statements: far more than the service has, so that none is ever written twice."""
_first: dict[str, Engine] = {}


def engine_of_a_kind(url: str, **options: Any) -> Engine:
    """An engine as `create_engine` makes it, that shares what it has compiled with its like.

    What is compiled is kept by dialect, hence by engine: with thousands of engines in one
    process a quarter of all time would go into writing the same SQL again.
    """
    engine = create_engine(url, query_cache_size=KEPT, **options)
    first = _first.setdefault(engine.dialect.name, engine)
    if first.dialect.server_version_info is None:  # It has not met its server yet.
        _first[engine.dialect.name] = engine
    else:
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
    plan(engine)
    tables_of(engine).listen(engine)
    return engine
