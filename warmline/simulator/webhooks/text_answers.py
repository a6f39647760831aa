"""What a page answers to a text that came in: nothing, or texts to be sent back at once."""

from xml.etree import ElementTree as ET

from warmline.simulator.webhooks.courier import Answer
from warmline.simulator.webhooks.twiml import (
    NOT_ALLOWED,
    NOT_FETCHED,
    NOT_REACHED,
    NOT_TYPED,
    NOT_XML,
    XML_TYPES,
    DocumentRefused,
)

LONGEST_BODY = 1600


def messages_in(answer: Answer) -> list[str]:
    """The bodies of the texts in a page's answer; DocumentRefused when the provider takes it not.

    An answer without a body says nothing; `<Message>` with plain words is all that is known here.
    """
    url = answer.url
    if answer.trouble in ("ct", "rt"):
        raise DocumentRefused(NOT_REACHED, "no answer from the service", url)
    if not 200 <= answer.status < 300:
        raise DocumentRefused(NOT_FETCHED, f"the service answered {answer.status}", url)
    if not answer.body:
        return []
    if answer.content_type.partition(";")[0].strip().lower() not in XML_TYPES:
        raise DocumentRefused(NOT_TYPED, f"content type {answer.content_type!r}", url)
    try:
        root = ET.fromstring(answer.body)  # noqa: S314  # only our own service's answers are read
    except (ET.ParseError, ValueError) as fault:
        raise DocumentRefused(NOT_XML, f"not XML: {fault}", url) from fault
    for one in root:
        if one.tag != "Message" or len(one) or not 0 < len(one.text or "") <= LONGEST_BODY:
            raise DocumentRefused(NOT_ALLOWED, f"<{one.tag}> is not taken here", url)
    return [one.text or "" for one in root]
