"""Records as the provider's REST API shows them."""

from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg
    from warmline.simulator.network.switchboard import OurNumber, Switchboard
    from warmline.simulator.network.texts import Text

Resource = dict[str, object]
VERSION = "2010-04-01"
SHOWN_STATUS = {"initiated": "queued"}


def account_path(account_sid: str) -> str:
    """The path that every resource of the account begins with."""
    return f"/{VERSION}/Accounts/{account_sid}"


def instant_of(board: "Switchboard", second: float) -> datetime:
    """The instant of a second since the clock's start, in whole seconds as the API gives them."""
    return board.clock.instant(second).replace(microsecond=0)


def _date(board: "Switchboard", second: float | None) -> str | None:
    return None if second is None else format_datetime(instant_of(board, second))


def call_resource(leg: "Leg") -> Resource:
    """A call."""
    board = leg.board
    return {
        "sid": leg.sid,
        "account_sid": board.account_sid,
        "api_version": VERSION,
        "from": leg.from_number,
        "from_formatted": leg.from_number,
        "to": leg.to_number,
        "to_formatted": leg.to_number,
        "status": SHOWN_STATUS.get(leg.status, leg.status),
        "direction": leg.direction,
        "date_created": _date(board, leg.created_at),
        "date_updated": _date(board, board.clock.seconds),
        "start_time": _date(board, leg.started_at),
        "end_time": _date(board, leg.ended_at),
        "duration": str(leg.talk_seconds) if leg.ended else None,
        "queue_time": str(round(leg.queue_seconds * 1000)),
        "price": None,
        "price_unit": "USD",
        "answered_by": None,
        "caller_name": None,
        "forwarded_from": None,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": _number_sid(leg),
        "trunk_sid": "",
        "uri": f"{account_path(board.account_sid)}/Calls/{leg.sid}.json",
        "subresource_uris": {},
    }


def _number_sid(leg: "Leg") -> str | None:
    ours = leg.to_number if leg.direction == "inbound" else leg.from_number
    number = leg.board.numbers.get(ours)
    return number.sid if number else None


def text_resource(board: "Switchboard", text: "Text") -> Resource:
    """A message."""
    created = _date(board, text.created_at)
    return {
        "sid": text.sid,
        "account_sid": board.account_sid,
        "api_version": VERSION,
        "from": text.from_number,
        "to": text.to_number,
        "body": text.body,
        "status": text.status,
        "direction": text.direction,
        "date_created": created,
        "date_updated": _date(board, board.clock.seconds),
        "date_sent": None if text.status == "queued" else created,
        "error_code": text.error_code,
        "error_message": None,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "uri": f"{account_path(board.account_sid)}/Messages/{text.sid}.json",
        "subresource_uris": {},
    }


def number_resource(board: "Switchboard", number: "OurNumber") -> Resource:
    """A number of the account."""
    start = _date(board, 0.0)
    return {
        "sid": number.sid,
        "account_sid": board.account_sid,
        "api_version": VERSION,
        "phone_number": number.number,
        "friendly_name": number.number,
        "voice_url": number.voice_url,
        "voice_method": number.voice_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
        "sms_url": number.sms_url,
        "sms_method": number.sms_method,
        "sms_fallback_url": number.sms_fallback_url,
        "sms_fallback_method": number.sms_fallback_method,
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "type": "local",
        "date_created": start,
        "date_updated": start,
        "address_requirements": "none",
        "emergency_status": "Active",
        "emergency_address_status": "unregistered",
        "uri": f"{account_path(board.account_sid)}/IncomingPhoneNumbers/{number.sid}.json",
    }


def account_resource(board: "Switchboard") -> Resource:
    """The account; its token is not shown."""
    start = _date(board, 0.0)
    path = account_path(board.account_sid)
    return {
        "sid": board.account_sid,
        "owner_account_sid": board.account_sid,
        "friendly_name": "A simulated account",
        "status": "active",
        "type": "Full",
        "auth_token": None,
        "date_created": start,
        "date_updated": start,
        "uri": f"{path}.json",
        "subresource_uris": {"calls": f"{path}/Calls.json"},
    }
