"""What the service logs, caught as it would be written; all logging is as before afterwards."""

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from warmline.operations.logs import CLOCK_LOGGERS, QUIET_LOGGERS, WEB_LOGGERS, Form, set_up_logging

TAMED = QUIET_LOGGERS + WEB_LOGGERS + CLOCK_LOGGERS


@contextmanager
def logged(level: str, form: Form = "text") -> Iterator[io.StringIO]:
    """All that is logged from this level on, ours and the libraries'."""
    root = logging.getLogger()
    off = [name for name, of in root.manager.loggerDict.items() if getattr(of, "disabled", False)]
    assert not off, f"a test before this one has switched off {off}"
    handlers, root_level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook
    configured = structlog.get_config()
    levels = {name: logging.getLogger(name).level for name in TAMED}
    root.handlers = []
    lines = io.StringIO()
    set_up_logging(level, lines, form)
    try:
        yield lines
    finally:
        root.handlers = handlers
        root.setLevel(root_level)
        sys.excepthook, threading.excepthook = hooks
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
        structlog.configure(**configured)


def plain_tracebacks() -> None:
    """Errors that nobody set logging up for are printed quickly: the pretty way takes a second."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    processors = structlog.get_config()["processors"]
    structlog.configure(processors=[*processors[:-1], plain])
