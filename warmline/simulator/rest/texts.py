"""The REST API for messages: send, look up, redact, delete."""

from datetime import datetime

from warmline.simulator.network.texts import Text, is_closed, send
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
from warmline.simulator.rest.resources import instant_of, text_resource

LONGEST_BODY = 1600


def create(office: Office, request: Request, _: str) -> Reply:
    """Accepts a message; 400 with the provider's code when a field is wrong."""
    to_number = checked_number(request.field("To"))
    from_number = request.field("From")
    if from_number not in office.board.numbers:
        raise Refusal(400, 21606, "The From phone number is not owned by this account")
    body = request.field("Body")
    if not body:
        raise Refusal(400, 21602, "Message body is required")
    if len(body) > LONGEST_BODY:
        raise Refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    if is_closed(office.board, from_number, to_number):
        raise Refusal(400, 21610, "Attempt to send to unsubscribed recipient")
    if to_number in office.board.faults.texts_refused:
        raise Refusal(400, office.board.faults.texts_refused[to_number], "Message not accepted")
    callback = request.field("StatusCallback")
    text = send(office.board, (from_number, to_number), body, callback)
    faults = office.board.faults
    lost = faults.strikes("creates_lost")
    return Reply(201, text_resource(office.board, text), faults.create_slow, lost)


def fetch(office: Office, request: Request, sid: str) -> Reply:
    """One message; 404 (20404) when it is unknown or was deleted."""
    return Reply(200, text_resource(office.board, _text(office, request, sid)))


def _text(office: Office, request: Request, sid: str) -> Text:
    text = office.board.records.texts.get(sid)
    if text is None:
        raise not_found(request.path)
    return text


def list_all(office: Office, request: Request, _: str) -> Reply:
    """Messages, newest first, filtered by To, From and DateSent."""
    newest_first = reversed(office.board.records.texts.values())
    wanted = [
        text_resource(office.board, text)
        for text in newest_first
        if request.asked("To") in ("", text.to_number)
        and request.asked("From") in ("", text.from_number)
        and within(request, "DateSent", _sent_at(office, text))
    ]
    return page(request, "messages", wanted)


def _sent_at(office: Office, text: Text) -> datetime | None:
    return None if text.status == "queued" else instant_of(office.board, text.created_at)


def change(office: Office, request: Request, sid: str) -> Reply:
    """Redacts a message that has arrived (an empty Body); 20009 when it is too early."""
    text = _text(office, request, sid)
    if ("Body", "") in request.form:
        _must_have_ended(text)
        text.body = ""
    return Reply(200, text_resource(office.board, text))


def delete(office: Office, request: Request, sid: str) -> Reply:
    """Forgets a message that has arrived; 20009 when it is too early."""
    _must_have_ended(_text(office, request, sid))
    del office.board.records.texts[sid]
    office.board.journal.note("network", "forgets a text")
    return Reply(204)


def _must_have_ended(text: Text) -> None:
    if not text.ended:
        raise Refusal(409, 20009, "Cannot delete this resource before it is complete")
