"""CPU of the server for one request of a caller who waits, with more and more others waiting."""

import secrets
from datetime import timedelta
from statistics import median

import pytest
from sqlalchemy import insert

from tests.bench.figures import Figures
from tests.bench.one_call import BARE, METER, Measured
from tests.stories.town import EVENING
from warmline.calls import calls
from warmline.models.calls import Call

pytestmark = pytest.mark.bench
AIM = 2.0
WHOLE, SMALL = (1, 10, 50, 200), (1, 2)


def test_what_a_request_costs_with_many_waiting(
    measured: Measured, figures: Figures, full: bool
) -> None:
    network, database = measured
    times, crowds = (40, WHOLE) if full else (1, SMALL)
    tokens = [secrets.token_hex(16) for _ in range(crowds[-1])]
    legs = [network.new_sid() for _ in tokens]
    spent: dict[int, float] = {}
    there, bare = 0, 0.0
    for crowd in crowds:
        with database.writing() as db:
            for number in range(there, crowd):
                db.execute(insert(Call).values(waiting(number, tokens[number], legs[number])))
        there = crowd
        # The phones of all who are on begin to ring, as many as there are.
        for number in range(crowd):
            network.ask("settles", f"/c/{tokens[number]}/wait", legs[number])
        network.spent.clear()
        for number in range(times):
            network.ask(BARE, "/bare", legs[0])
            network.note_meter()
            last = crowd - 1 - number % crowd
            network.ask("wait", f"/c/{tokens[last]}/wait", legs[last])
        spent[crowd] = median(network.spent["wait"]) - median(network.spent[METER])
        bare = median(network.spent[BARE]) - median(network.spent[METER])
    for token, leg in zip(tokens, legs, strict=True):
        over = {"QueueResult": "hangup", "CallStatus": "completed"}
        network.ask("gone", f"/c/{token}/left_queue", leg, **over)
    first = spent[crowds[0]]
    rows = [
        (f"{crowd}", f"{cost / bare:.1f}", f"{cost / first:.2f}", f"{cost * 1000:.2f}")
        for crowd, cost in spent.items()
    ]
    title = f"CPU of one `wait`, by how many wait (aim: at most {AIM} times the first)"
    figures.table(title, ("waiting", "times the bare route", "times the first", "ms"), rows)


def waiting(number: int, token: str, leg: str) -> dict[str, object]:
    """Somebody who has waited for some seconds less than whoever came before."""
    since = EVENING - timedelta(seconds=300 - number)
    when = {"arrived_at": since, "waiting_since": since, "heard_at": since}
    patience = {"patience_until": EVENING + timedelta(days=1)}
    ids = {"line_id": 1, "token": token, "provider_id": leg, "language": "en"}
    return ids | when | patience | {"state": calls.WAITING, "first_in_line": False}
