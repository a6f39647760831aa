"""Text messages through the network, in and out, with their status callbacks.

A network answers STOP, START and HELP by itself, before anybody is asked. As a whole message, in
any case, STOP and its like close the way from that number of ours to that phone, the others open
it again, and each has the network's own answer. The message still comes to the number's webhook
(TELEPHONY 3, "Opt-out").
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from warmline.simulator.network.callbacks import deliver
from warmline.simulator.webhooks.courier import Answer, Params, Webhook
from warmline.simulator.webhooks.text_answers import messages_in
from warmline.simulator.webhooks.twiml import DocumentRefused

if TYPE_CHECKING:
    from warmline.simulator.network.switchboard import OurNumber, Switchboard

if TYPE_CHECKING:
    from warmline.simulator.network.switchboard import Switchboard


SENT_AFTER = 0.5
DELIVERED_AFTER = 1.5
UNKNOWN_HANDSET = 30003


@dataclass
class Text:
    """A message as the provider keeps it; times in seconds since the clock's start."""

    sid: str
    direction: str
    from_number: str
    to_number: str
    body: str
    created_at: float
    callback_url: str = ""
    status: str = "queued"
    error_code: int | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in ("delivered", "undelivered", "failed", "received", "canceled")


def send(board: "Switchboard", ends: tuple[str, str], body: str, callback_url: str) -> Text:
    """Accepts a message from our number to another; it is sent and delivered a little later."""
    sid = board.new_sid("SM")
    text = Text(sid, "outbound-api", *ends, body, board.clock.seconds, callback_url)
    board.records.texts[sid] = text
    board.clock.after(SENT_AFTER, lambda: _change(board, text, "sent"))
    board.clock.after(DELIVERED_AFTER, lambda: _arrive(board, text))
    return text


def write(
    board: "Switchboard", from_number: str, to_number: str, body: str, pictures: int = 0
) -> Text:
    """A message to one of our numbers; ValueError when the number is not ours."""
    number = board.numbers.get(to_number)
    if number is None:
        raise ValueError(f"{to_number} is not a number of this account")
    sid = board.new_sid("SM")
    now = board.clock.seconds
    text = Text(sid, "inbound", from_number, to_number, body, now, status="received")
    board.records.texts[sid] = text
    own_answer = heed(board, text)
    if own_answer:
        send(board, (to_number, from_number), own_answer, "")
    if number.sms_url:
        _ask(board, text, _inbound_params(board, text, pictures), number)
    return text


def _ask(board: "Switchboard", text: Text, params: Params, number: "OurNumber") -> None:
    """Bring a message to the number's page, and what that refuses to its fallback, once."""

    def answered(answer: Answer) -> None:
        refused = _heed_answer(board, text, answer)
        if refused is not None and number.sms_fallback_url:
            trouble = (("ErrorCode", str(refused.code)), ("ErrorUrl", refused.url))
            fallback = Webhook(
                number.sms_fallback_url, (*params, *trouble), number.sms_fallback_method
            )
            board.post(fallback, lambda last: _note_loss(_heed_answer(board, text, last)))
        else:
            _note_loss(refused)

    def _note_loss(refused: DocumentRefused | None) -> None:
        if refused is not None:
            board.journal.note("network", "text is lost", why=str(refused), path=refused.url)

    board.post(Webhook(number.sms_url, params, number.sms_method), answered)


def _heed_answer(board: "Switchboard", text: Text, answer: Answer) -> DocumentRefused | None:
    """Send what the page would have sent back; why its answer is refused, if it is."""
    try:
        for body in messages_in(answer):
            send(board, (text.to_number, text.from_number), body, "")
    except DocumentRefused as refused:
        board.journal.note("network", "text refused", status=answer.status, path=answer.url)
        return refused
    return None


def _arrive(board: "Switchboard", text: Text) -> None:
    phone, lost = board.phones.get(text.to_number), board.faults.texts_lost.get(text.to_number)
    if phone is None or lost:
        text.error_code = lost or UNKNOWN_HANDSET
        _change(board, text, "undelivered")
        return
    phone.receive(text)
    _change(board, text, "delivered")


def _change(board: "Switchboard", text: Text, status: str) -> None:
    if text.ended:
        return
    text.status = status
    if not text.callback_url:
        return
    error = (("ErrorCode", str(text.error_code)),) if text.error_code else ()
    params = (*_params(board, text), ("MessageStatus", status), ("SmsStatus", status), *error)
    deliver(board, Webhook(text.callback_url, params))


def _params(board: "Switchboard", text: Text) -> Params:
    return (
        ("AccountSid", board.account_sid),
        ("ApiVersion", "2010-04-01"),
        ("From", text.from_number),
        ("MessageSid", text.sid),
        ("SmsSid", text.sid),
        ("To", text.to_number),
    )


def _inbound_params(board: "Switchboard", text: Text, pictures: int) -> Params:
    sides = ("From", "To")
    places = ("City", "State", "Zip", "Country")
    blanks = tuple((f"{side}{place}", "") for side in sides for place in places)
    return (
        *_params(board, text),
        *blanks,
        ("Body", text.body),
        ("NumMedia", str(pictures)),
        ("NumSegments", "1"),
        ("SmsMessageSid", text.sid),
        ("SmsStatus", "received"),
    )


OUT: Final = frozenset(
    {"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"}
)
BACK_IN: Final = frozenset({"START", "YES", "UNSTOP"})
HELP: Final = frozenset({"HELP", "INFO"})
SAID_OUT: Final = (
    "You have successfully been unsubscribed. You will not receive any more messages from this"
    " number. Reply START to resubscribe."
)
SAID_BACK_IN: Final = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help."
    " Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
SAID_HELP: Final = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


def heed(board: "Switchboard", text: "Text") -> str:
    """Do what a message to one of our numbers asks of the network; its own answer, or nothing."""
    way, word = (text.to_number, text.from_number), text.body.strip().upper()
    if word in OUT:
        board.opted_out.add(way)
        return SAID_OUT
    if word in BACK_IN and way in board.opted_out:
        board.opted_out.discard(way)
        return SAID_BACK_IN
    return SAID_HELP if word in HELP else ""


def is_closed(board: "Switchboard", our_number: str, phone: str) -> bool:
    """Whether the network lets no text of this number of ours through to this phone (21610)."""
    return (our_number, phone) in board.opted_out or phone in board.faults.opted_out
