"""Metrics: they count, and point to nobody."""

import pytest

from warmline.operations.metrics import Metrics


def shown(metrics: Metrics) -> list[str]:
    return [line for line in metrics.render().decode().splitlines() if not line.startswith("#")]


def test_what_happens_to_calls_is_counted() -> None:
    metrics = Metrics()
    metrics.call_offered()
    metrics.call_offered()
    metrics.call_answered()
    metrics.call_not_reached()
    metrics.ring("missed")
    metrics.outbox_waiting(3)
    metrics.webhook("offer", 200)
    lines = shown(metrics)
    assert "warmline_calls_offered_total 2.0" in lines
    assert "warmline_calls_answered_total 1.0" in lines
    assert "warmline_calls_not_reached_total 1.0" in lines
    assert 'warmline_rings_total{result="missed"} 1.0' in lines
    assert 'warmline_rings_total{result="accepted"} 0.0' in lines
    assert "warmline_outbox_waiting 3.0" in lines
    assert 'warmline_webhooks_total{status="200",step="offer"} 1.0' in lines


@pytest.mark.parametrize("step", ["", "+14135550111", "Zx9_abcdefghij-klmnop", "a" * 41, 'a"\n'])
def test_only_the_name_of_a_step_becomes_a_label(step: str) -> None:
    metrics = Metrics()
    metrics.webhook(step, 404)
    assert 'warmline_webhooks_total{status="404",step="other"} 1.0' in shown(metrics)


def test_no_moment_at_which_somebody_called_is_shown() -> None:
    metrics = Metrics()
    metrics.webhook("offer", 200)
    assert "_created" not in metrics.render().decode()


def test_two_lines_of_metrics_do_not_mix() -> None:
    one, other = Metrics(), Metrics()
    one.call_offered()
    assert "warmline_calls_offered_total 0.0" in shown(other)
