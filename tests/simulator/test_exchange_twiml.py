"""What the exchange does with each verb, and which documents it refuses."""

import io
import wave
from collections.abc import Iterator

import pytest
from starlette.responses import RedirectResponse, Response

from tests.simulator.exchange_service import ANA, LINE, Network, network, twiml
from warmline.simulator import Phone
from warmline.simulator.webhooks.grammar import ATTRIBUTES

APOLOGY = "We are sorry. An application error has occurred. Goodbye."


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as net:
        yield net


def call(net: Network, verbs: str, **pages: str) -> Phone:
    """Ana calls and is answered by these verbs; more pages by name."""
    net.service.pages["/voice"] = verbs
    net.service.pages |= {f"/{name}": page for name, page in pages.items()}
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    return ana


def seconds_in_call(net: Network, ana: Phone) -> float:
    began = net.exchange.now()
    assert net.exchange.run_until(lambda: not ana.is_in_call, 600)
    return (net.exchange.now() - began).total_seconds()


def test_words_take_the_time_they_need_and_pauses_their_length(net: Network) -> None:
    ana = call(net, "<Say>One two three four five.</Say><Pause length='7'/><Pause/>")
    assert seconds_in_call(net, ana) == pytest.approx(5 * 60 / 165 + 0.35 + 7 + 1)


def test_a_break_inside_words_takes_its_time(net: Network) -> None:
    ana = call(net, "<Say>One <break time='1500ms'/> two.</Say>")
    assert seconds_in_call(net, ana) == pytest.approx(2 * 60 / 165 + 0.35 + 1.5)
    assert ana.words == "One two."


def test_a_recording_plays_as_long_as_it_is(net: Network) -> None:
    net.exchange.recordings["https://sounds.example/hello.mp3"] = 12.0
    ana = call(net, "<Play loop='2'>https://sounds.example/hello.mp3</Play>")
    assert seconds_in_call(net, ana) == 24
    assert "hello.mp3" in ana.words


def a_sound(**headers: str) -> Response:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x80" * 24_000)
    named = {"content-disposition": 'inline; filename="hello-en.wav"'}
    return Response(made.getvalue(), headers=named | headers, media_type="audio/wav")


def test_a_recording_is_fetched_and_kept_as_its_headers_allow(net: Network) -> None:
    net.service.pages["/fresh.wav"] = a_sound()
    net.service.pages["/kept.wav"] = a_sound(**{"cache-control": "public, max-age=99, immutable"})
    kept, fresh = (f"<Play>{net.service.url(path)}</Play>" for path in ("/kept.wav", "/fresh.wav"))
    ana = call(net, f"{kept}{fresh}<Gather timeout='1'>{kept}{fresh}</Gather>")
    assert seconds_in_call(net, ana) == 4 * 3 + 1
    assert ana.words == "\n".join(["[recording: hello-en]"] * 4)
    fetched = [asked for asked in net.service.asked if asked.path.endswith(".wav")]
    assert [(one.method, one.path) for one in fetched] == [
        ("GET", "/kept.wav"),
        ("GET", "/fresh.wav"),
        ("GET", "/fresh.wav"),
    ]
    assert all(one.genuine for one in fetched)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("gone", 404), "11200"),
        (Response("broken", 500), "11200"),
        (Response("<p>Hello</p>", media_type="text/html"), "13420"),
    ],
)
def test_a_recording_that_cannot_be_played_ends_its_document(
    net: Network, answer: Response, code: str
) -> None:
    url = net.service.url
    net.exchange.add_number(LINE, voice_url=url("/voice"), fallback_url=url("/fallback"))
    net.service.pages |= {"/hello.mp3": answer, "/fallback": "<Say>Please try again.</Say>"}
    ana = call(net, f"<Play>{url('/hello.mp3')}</Play><Say>Not said.</Say>")
    net.exchange.run_for(10)
    assert ana.words == "Please try again."
    assert net.service.values("/fallback", "ErrorCode") == [code]
    assert net.service.values("/fallback", "ErrorUrl") == [url("/hello.mp3")]


def test_words_are_being_heard_only_while_they_are_said(net: Network) -> None:
    ana = call(net, "<Say>Hello and welcome.</Say><Pause length='9'/>")
    net.exchange.run_for(0.5)
    assert ana.hears_now == "Hello and welcome."
    net.exchange.run_for(5)
    assert ana.hears_now == ""


def test_a_key_breaks_the_speech_off_and_goes_to_the_action(net: Network) -> None:
    words = "<Say>Welcome to the line, and here is a very long promise.</Say>"
    ana = call(
        net, f"<Gather numDigits='1' action='/next'>{words}</Gather>", next="<Say>Fine.</Say>"
    )
    net.exchange.run_for(1.8)
    ana.press("5")
    net.exchange.run_for(3)
    assert net.service.values("/next", "Digits") == ["5"]
    assert ana.words == "Welcome to the line,\nFine."


def test_silence_goes_on_with_the_verb_after_the_gather(net: Network) -> None:
    ana = call(net, "<Gather timeout='4' action='/next'><Say>Yes?</Say></Gather><Say>Still.</Say>")
    net.exchange.run_for(20)
    assert ana.words == "Yes?\nStill."
    assert "/next" not in net.service.paths()
    first, second = (instant for instant, _ in ana.heard)
    assert (second - first).total_seconds() == pytest.approx(4 + 60 / 165 + 0.35)


def test_silence_goes_to_the_action_when_that_was_asked_for(net: Network) -> None:
    call(net, "<Gather timeout='4' actionOnEmptyResult='true' action='/next'/>", next="")
    net.exchange.run_for(20)
    assert net.service.values("/next", "Digits") == [""]


def test_several_digits_end_with_the_finishing_key_or_a_silence(net: Network) -> None:
    page = "<Gather timeout='3' action='/next'/>"
    ana = call(net, page, next=page)
    net.exchange.run_for(1)
    ana.press("12#")
    net.exchange.run_for(1)
    ana.press("34")
    net.exchange.run_for(4)
    assert net.service.values("/next", "Digits") == ["12", "34"]
    assert net.service.values("/next", "FinishedOnKey") == ["#", ""]


def test_with_no_finishing_key_star_and_hash_are_digits(net: Network) -> None:
    ana = call(net, "<Gather finishOnKey='' numDigits='2' action='/next'/>", next="")
    net.exchange.run_for(1)
    ana.press("*#")
    net.exchange.run_for(1)
    assert net.service.values("/next", "Digits") == ["*#"]


def test_keys_outside_a_gather_are_lost(net: Network) -> None:
    ana = call(
        net, "<Say>Hold the line.</Say><Gather numDigits='1' timeout='3' action='/next'/>", next=""
    )
    net.exchange.run_for(0.5)
    ana.press("1")
    net.exchange.run_for(10)
    assert "/next" not in net.service.paths()


def test_a_gather_without_an_action_asks_its_own_document_again(net: Network) -> None:
    ana = call(net, "<Gather numDigits='1'/>")
    net.exchange.run_for(1)
    ana.press("7")
    net.exchange.run_for(1)
    assert net.service.values("/voice", "Digits") == ["(absent)", "7"]


def test_a_key_is_pressed_when_the_words_have_been_said_not_before(net: Network) -> None:
    ana = net.phone(ANA, "Ana").when_hears("press one", press="1", after=0.25)
    call(
        net,
        "<Gather numDigits='1' action='/next'><Say>To go on press one and wait.</Say></Gather>",
        next="",
    )
    net.exchange.run_for(10)
    [pressed] = [asked.at for asked in net.service.asked if asked.path == "/next"]
    assert (pressed - ana.heard[0][0]).total_seconds() == pytest.approx(5 * 60 / 165 + 0.25)
    assert ana.words == "To go on press one"


def test_a_get_redirect_carries_the_fields_in_its_query(net: Network) -> None:
    call(net, "<Redirect method='GET'>/later</Redirect>", later="")
    net.exchange.run_for(1)
    [later] = [asked for asked in net.service.asked if asked.path == "/later"]
    assert (later.method, later.genuine) == ("GET", True)
    assert later.fields["CallStatus"] == "in-progress"


def test_a_moved_page_is_fetched_by_get_without_the_fields(net: Network) -> None:
    net.service.pages["/later"] = "<Say>Here.</Say>"
    net.service.pages["/voice"] = RedirectResponse("/later", status_code=302)
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(1)
    [later] = [asked for asked in net.service.asked if asked.path == "/later"]
    assert (later.method, later.fields, later.genuine) == ("GET", {}, True)
    assert ana.words == "Here."


def test_documents_that_lead_to_each_other_for_ever_are_an_error(net: Network) -> None:
    ana = call(net, "<Redirect>/voice</Redirect>")
    net.exchange.run_for(10)
    assert ana.words == APOLOGY


REFUSED = {
    "an unknown verb": "<Record/>",
    "an unknown attribute": "<Dial answerOnbridge='true'><Conference>x</Conference></Dial>",
    "words in Dial": "<Dial><Say>Hello</Say></Dial>",
    "stray words": "Hello",
    "a flag that is neither": "<Dial hangupOnStar='yes'><Conference>x</Conference></Dial>",
    "a number that is none": "<Pause length='soon'/>",
    "a key that is none": "<Gather finishOnKey='x'/>",
    "a method that is none": "<Redirect method='PUT'>/x</Redirect>",
    "a conference without a name": "<Dial><Conference/></Dial>",
    "a queue with a long name": f"<Enqueue>{'q' * 65}</Enqueue>",
    "a host with an underscore": "<Gather action='https://my_host.example/x'/>",
    "a relative status callback": (
        "<Dial><Conference statusCallback='/x'>name</Conference></Dial>"
    ),
    "Leave outside a queue": "<Leave/>",
    "nothing to say": "<Say></Say>",
    "too much to say": f"<Say>{'x' * 4097}</Say>",
}


@pytest.mark.parametrize("verbs", REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_document_is_an_application_error(net: Network, verbs: str) -> None:
    ana = call(net, verbs)
    net.exchange.run_for(10)
    assert ana.words == APOLOGY
    assert not ana.is_in_call


ANSWERS = {
    "a failure": (Response("no", 500), "11200"),
    "not found": (Response("no", 404), "11200"),
    "nothing": (Response(status_code=204), "12300"),
    "plain text": (Response("<Response/>", media_type="text/plain"), "12300"),
    "not XML": (Response("<Response>", media_type="text/xml"), "12100"),
    "another root": (Response("<Answer/>", media_type="text/xml"), "12100"),
    "too large": (twiml(f"<!-- {'x' * 65_536} -->"), "11750"),
    "an unknown verb": (twiml("<Sing/>"), "12200"),
}


@pytest.mark.parametrize(("answer", "code"), ANSWERS.values(), ids=ANSWERS.keys())
def test_the_fallback_is_asked_with_code_and_url(net: Network, answer: Response, code: str) -> None:
    url = net.service.url
    net.exchange.add_number(LINE, voice_url=url("/voice"), fallback_url=url("/fallback"))
    net.service.pages |= {"/voice": answer, "/fallback": "<Say>Please try again.</Say>"}
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(10)
    assert ana.words == "Please try again."
    assert net.service.values("/fallback", "ErrorCode") == [code]
    assert net.service.values("/fallback", "ErrorUrl") == [url("/voice")]


def test_a_fallback_that_fails_too_is_an_application_error(net: Network) -> None:
    url = net.service.url
    net.exchange.add_number(LINE, voice_url=url("/gone"), fallback_url=url("/gone-too"))
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(10)
    assert ana.words == APOLOGY


def test_a_number_that_points_nowhere_fails_without_a_word(net: Network) -> None:
    net.exchange.add_number(LINE)
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(1)
    assert not ana.heard
    assert not ana.is_in_call


def test_the_grammar_knows_no_attribute_that_the_library_does_not() -> None:
    from inspect import signature

    from twilio.twiml import voice_response  # type: ignore[import-untyped]  # no types

    for name in ("Say", "Play", "Pause", "Gather", "Redirect", "Reject", "Enqueue", "Dial"):
        made_by = getattr(voice_response.VoiceResponse, name.lower())
        known = {part.replace("_", "") for part in signature(made_by).parameters}
        assert {part.lower() for part in ATTRIBUTES[name]} <= known, name
    for name in ("Conference", "Queue"):
        made_by = getattr(voice_response.Dial, name.lower())
        known = {part.replace("_", "") for part in signature(made_by).parameters}
        assert {part.lower() for part in ATTRIBUTES[name]} <= known, name
