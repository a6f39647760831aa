"""How long sixteen writers at once wait for each other on SQLite: the longest beside the usual."""

import threading
import time
from statistics import median, quantiles

import pytest

from tests.bench.figures import Figures
from warmline.database.engine import Database
from warmline.settings import ConnectionPool

pytestmark = pytest.mark.bench
WRITERS = 16
WRITES = "UPDATE alembic_version SET version_num = version_num"


def test_how_long_sixteen_writers_wait_for_each_other(
    sqlite_url: str, figures: Figures, full: bool
) -> None:
    database = Database(sqlite_url, pool=ConnectionPool(WRITERS, 0))
    at_once = threading.Barrier(WRITERS)
    waited: list[float] = []

    def write(times: int) -> None:
        at_once.wait()
        for _ in range(times):
            begun = time.perf_counter()
            with database.writing() as connection:
                for _ in range(4):
                    connection.exec_driver_sql(WRITES)
            waited.append(time.perf_counter() - begun)

    def all_write(times: int) -> None:
        waited.clear()
        threads = [threading.Thread(target=write, args=(times,)) for _ in range(WRITERS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    all_write(2)  # Connections are opened, and statements prepared.
    all_write(200 if full else 4)
    database.close()
    usual, longest = median(waited), quantiles(waited, n=100)[-1]
    assert len(waited) == WRITERS * (200 if full else 4)
    row = ("sixteen at once", f"{longest / usual:.1f}", f"{usual * 1000:.1f}", f"{len(waited)}")
    head = ("writers on SQLite", "99th of 100 beside the middle", "middle ms", "writes")
    figures.table("Writers wait for each other in turn (aim: at most 6)", head, [row])
