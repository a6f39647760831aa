"""The REST API for calls: make, look up, list, change, delete."""

from warmline.simulator.legs.leg import ALL_EVENTS, Callback, Leg, Wishes
from warmline.simulator.rest.requests import (
    Office,
    Refusal,
    Reply,
    Request,
    checked_number,
    not_found,
    page,
    within,
)
from warmline.simulator.rest.resources import call_resource, instant_of
from warmline.simulator.webhooks.documents import Target

LONGEST_INLINE = 4000


def create(office: Office, request: Request, _: str) -> Reply:
    """Queues a call; 400 with the provider's code when a field is wrong."""
    to_number = checked_number(request.field("To"))
    from_number = request.field("From")
    if from_number not in office.board.numbers:
        raise Refusal(400, 21210, "Source phone number is not owned by this account")
    first = _target(request)
    if first is None:
        raise Refusal(400, 21205, "Url parameter is required")
    most, live = office.board.faults.calls_at_once, office.board.records.calls.values()
    if most is not None and sum(not leg.ended for leg in live) >= most:
        raise Refusal(429, 10004, "Call concurrency limit exceeded")
    faults = office.board.faults
    if faults.strikes("creates_never"):
        return Reply(201, None, faults.create_slow, lost=True)
    leg = office.trunk.call_out((from_number, to_number), first, _wishes(request))
    lost = faults.strikes("creates_lost")
    return Reply(201, call_resource(leg), faults.create_slow, lost)


def _target(request: Request) -> Target | None:
    url = request.field("Url")
    if url and not url.startswith(("http://", "https://")):
        raise Refusal(400, 21205, "Url is not a valid URL")
    if url:
        return Target(url, request.field("Method", "POST"))
    inline = request.field("Twiml")
    if len(inline) > LONGEST_INLINE:
        raise Refusal(400, 21623, "Twiml parameter is too long")
    return Target(inline=inline) if inline else None


def _wishes(request: Request) -> Wishes:
    fallback = request.field("FallbackUrl")
    return Wishes(
        callback=_callback(request),
        fallback=Target(fallback, request.field("FallbackMethod", "POST")) if fallback else None,
        ring_seconds=request.seconds("Timeout", 60),
        time_limit=request.seconds("TimeLimit", 14_400),
    )


def _callback(request: Request) -> Callback | None:
    url = request.field("StatusCallback")
    if not url:
        return None
    events = frozenset(request.fields("StatusCallbackEvent") or ["completed"])
    if not events <= ALL_EVENTS:
        raise Refusal(400, 21626, f"Invalid StatusCallbackEvent: {sorted(events - ALL_EVENTS)}")
    return Callback(url, request.field("StatusCallbackMethod", "POST"), events)


def fetch(office: Office, request: Request, sid: str) -> Reply:
    """One call; 404 (20404) when it is unknown or was deleted."""
    leg = _leg(office, request, sid)
    leg.note("is looked up by the service")
    return Reply(200, call_resource(leg))


def _leg(office: Office, request: Request, sid: str) -> Leg:
    leg = office.board.records.calls.get(sid)
    if leg is None:
        raise not_found(request.path)
    return leg


def list_all(office: Office, request: Request, _: str) -> Reply:
    """Calls, newest first, filtered by To, From, Status, StartTime and EndTime."""
    newest_first = reversed(office.board.records.calls.values())
    return page(
        request, "calls", [call_resource(leg) for leg in newest_first if _wanted(request, leg)]
    )


def _wanted(request: Request, leg: Leg) -> bool:
    resource = call_resource(leg)
    same = all(
        request.asked(name) in ("", resource[name.lower()]) for name in ("To", "From", "Status")
    )
    started = None if leg.started_at is None else instant_of(leg.board, leg.started_at)
    ended = None if leg.ended_at is None else instant_of(leg.board, leg.ended_at)
    return same and within(request, "StartTime", started) and within(request, "EndTime", ended)


def change(office: Office, request: Request, sid: str) -> Reply:
    """Ends a call or moves it to another document; 21220 when its state does not allow it."""
    leg = _leg(office, request, sid)
    if leg.ended:
        raise Refusal(400, 21220, "Call is not in-progress. Cannot redirect.")
    status = request.field("Status")
    target = _target(request)
    if status:
        _end(leg, status)
    elif target is not None:
        _move(leg, target)
    return Reply(200, call_resource(leg))


def _end(leg: Leg, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise Refusal(400, 21218, f"Invalid Status: {status}")
    if leg.answered_at is None:
        leg.note("is cancelled by the service")
        leg.hang_up("canceled")
    elif status == "completed":
        leg.note("is ended by the service")
        leg.hang_up()


def _move(leg: Leg, target: Target) -> None:
    if leg.answered_at is None:
        raise Refusal(400, 21220, "Call is not in-progress. Cannot redirect.")
    leg.move(target)


def delete(office: Office, request: Request, sid: str) -> Reply:
    """Forgets an ended call; 20009 when it is too early."""
    leg = _leg(office, request, sid)
    now, wait = office.board.clock.seconds, office.board.faults.erasure_too_early
    if leg.ended_at is None or now < leg.ended_at + wait:
        raise Refusal(409, 20009, "Cannot delete this resource before it is complete")
    del office.board.records.calls[sid]
    office.board.journal.note("network", "forgets a call")
    return Reply(204)
