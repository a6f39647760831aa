"""The REST API for the account and its numbers: look up, list, point at the service."""

from warmline.simulator.network.switchboard import OurNumber
from warmline.simulator.rest.requests import Office, Reply, Request, not_found, page
from warmline.simulator.rest.resources import account_resource, number_resource

SETTABLE = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
}


def fetch_account(office: Office, _: Request, __: str) -> Reply:
    """The account."""
    return Reply(200, account_resource(office.board))


def list_all(office: Office, request: Request, _: str) -> Reply:
    """The account's numbers, filtered by PhoneNumber."""
    asked = request.asked("PhoneNumber")
    numbers = [number for number in office.board.numbers.values() if asked in number.number]
    shown = [number_resource(office.board, number) for number in numbers]
    return page(request, "incoming_phone_numbers", shown)


def fetch(office: Office, request: Request, sid: str) -> Reply:
    """One number; 404 (20404) when it is unknown."""
    return Reply(200, number_resource(office.board, _number(office, request, sid)))


def change(office: Office, request: Request, sid: str) -> Reply:
    """Sets the URLs and methods that are given, leaves the others."""
    number = _number(office, request, sid)
    for key, value in request.form:
        if key in SETTABLE:
            setattr(number, SETTABLE[key], value)
    return Reply(200, number_resource(office.board, number))


def _number(office: Office, request: Request, sid: str) -> OurNumber:
    for number in office.board.numbers.values():
        if number.sid == sid:
            return number
    raise not_found(request.path)
