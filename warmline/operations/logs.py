"""Logs without people: structlog and every library's logger, with numbers and texts taken out.

What the service logs on purpose holds neither. This is the last resort for what slips through:
exception texts, libraries' messages, addresses with a query.
"""

import io
import json
import logging
import re
import sys
import threading
from types import TracebackType
from typing import Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor

LEFT_OUT = "[left out]"
NUMBER = "[number]"

TELLING_KEYS = frozenset(
    {"body", "caller", "digits", "form", "from", "from_", "message_text", "number", "params"}
    | {"phone", "text", "to", "words"}
)
"""Names of log values that would hold a person's number or words; their values are never kept."""

QUIET_LOGGERS = ("twilio", "urllib3", "requests", "sqlalchemy", "python_multipart", "httpx2")
"""Libraries that write numbers or statements at INFO or DEBUG."""

WEB_LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.access")
"""Loggers that uvicorn sets up for itself unless it finds them set up."""

CLOCK_LOGGERS = ("apscheduler",)
"""The library that says when jobs are due: it has two lines for each run, 200,000 a day."""

Form = Literal["text", "json"]
"""How lines are written: as `key=value`, or as one JSON object each."""

_GAP = r"(?:%20|[ \t\u00a0+().\-/\u00b7\u2010-\u2015]){0,3}"
_DATE = r"\d{4}-\d\d-\d\d(?!\d)"
_PHONE = re.compile(
    # With its plus sign (in a form, %2B) a number is known wherever it stands …
    rf"(?:\+|%2[Bb])\(?\d(?:{_GAP}\d){{5,17}}"
    # … without, seven digits and more that are not part of a word, an id or a date.
    rf"|(?:(?<![\w+])|(?<=\\[nrt]))(?!{_DATE})\(?\d(?:{_GAP}\d){{6,17}}(?!\w)"
)
# What databases quote of the rows that they refused.
_ROWS = re.compile(r"(\[parameters: |DETAIL: )(?:(?!\\n).)*")
_TOKEN = re.compile(r"(/[crw]/)[\w-]{16,}")


def mask(text: str) -> str:
    """`text` without phone numbers, tokens of calls in URLs, and rows quoted by a database."""
    return _PHONE.sub(NUMBER, _TOKEN.sub(r"\1…", _ROWS.sub(rf"\1{LEFT_OUT}", text)))


def set_up_logging(level: str, stream: TextIO | None = None, form: Form = "text") -> None:
    """Send all that the process logs, ours and the libraries', to `stream`, one line each.

    `level` is one of warmline.settings.LOG_LEVELS; the stream is standard error unless given.
    Uvicorn must be run with `log_config=None`, or it would set up its own loggers again.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_marks(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    lines = _Lines(stream or _standard_error())
    lines.setFormatter(_formatter(form))
    logging.basicConfig(level=level.upper(), handlers=[lines], force=True)
    _tame_libraries(level)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda lost: _log_uncaught(
        lost.exc_type, lost.exc_value or lost.exc_type(), lost.exc_traceback
    )


def _standard_error() -> TextIO:
    """Standard error, without a buffer in which a line would wait that could not be written."""
    try:
        # Not closed with it: it is the process's own.
        raw = io.FileIO(sys.stderr.fileno(), "w", closefd=False)
    except (AttributeError, OSError, ValueError):
        return sys.stderr  # It is no file, as in a test, or there is none.
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True)


class _Lines(logging.StreamHandler[TextIO]):
    """A handler that never raises: what cannot be written (a full disk) is left out, told later.

    Nor does it print what a line holds that cannot be made.
    """

    _left_out = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line at once."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - whatever a line holds, who logs it goes on
            line = f"a log line of {record.name} could not be written"
        try:
            if self._left_out:
                self.stream.write(self._how_many_lacking())
            self.stream.write(line + "\n")
            self.stream.flush()
        except Exception:  # noqa: BLE001 - no log is worth a caller's answer
            self._left_out += 1
        else:
            self._left_out = 0

    def _how_many_lacking(self) -> str:
        words = "%d log lines before this could not be written"
        about = (__name__, logging.WARNING, __file__, 0, words, (self._left_out,), None)
        return self.format(logging.LogRecord(*about)) + "\n"


def _marks() -> list[Processor]:
    """What every line begins with."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


FIRST: Final = ("timestamp", "level", "logger", "event")
"""How a line begins, in either form."""


def _formatter(form: Form) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_marks(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _leave_out_words,
            _masked_json if form == "json" else _masked_line,
        ],
    )


_render = structlog.processors.LogfmtRenderer(key_order=FIRST, bool_as_flag=False)


def _leave_out_words(_logger: object, _name: str, values: EventDict) -> EventDict:
    return {key: LEFT_OUT if key in TELLING_KEYS else value for key, value in values.items()}


def _masked_line(logger: object, name: str, values: EventDict) -> str:
    # Masked after rendering, so that no spelling of a value escapes.
    return mask(_render(logger, name, values))


def _masked_json(_logger: object, _name: str, values: EventDict) -> str:
    # Masked before: a mask in place of a bare number would be no JSON.
    ordered = sorted(values, key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST))
    return json.dumps({mask(key): _masked_value(values[key]) for key in ordered})


def _masked_value(value: object) -> object:
    """A value of JSON; numbers stay numbers unless they could be a phone's."""
    if value is None or isinstance(value, bool):
        return value
    masked = mask(str(value))
    return value if isinstance(value, int | float) and masked == str(value) else masked


def _tame_libraries(level: str) -> None:
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in CLOCK_LOGGERS:
        at_all = logging.NOTSET if level.lower() == "debug" else logging.WARNING
        logging.getLogger(name).setLevel(at_all)
    for name in WEB_LOGGERS:
        web = logging.getLogger(name)
        web.handlers.clear()
        web.propagate = True
        web.setLevel(logging.NOTSET)
    access = logging.getLogger("uvicorn.access")
    if _shorten_access not in access.filters:
        access.addFilter(_shorten_access)


def _shorten_access(record: logging.LogRecord) -> bool:
    """Of a request only method, path and status: no address of a browser, no query."""
    if isinstance(record.args, tuple) and len(record.args) == 5:
        _, method, path, _, status = record.args
        record.msg = "%s %s %s"
        record.args = (method, str(path).partition("?")[0], status)
    return True


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Python would print an uncaught error as it is, with whatever its text holds."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("warmline").critical("uncaught", exc_info=(kind, error, trace))
