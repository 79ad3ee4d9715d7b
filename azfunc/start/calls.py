"""What is known of the calls that were made: kept for the index page, and shown in the terminal."""

from __future__ import annotations

import logging
import traceback
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from azfunc._core.errors import AzfuncError
from azfunc.runtime.loading import user_frames
from azfunc.runtime.web import from_datum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from azfunc._core.datum import Datum
    from azfunc.runtime.invocation import Run

CALLS_KEPT = 50
"""Number of calls that are remembered."""
TEXT_KEPT = 10_000
"""Number of characters that are remembered of one value."""


@dataclass
class Call:
    """One call of a function, while it runs and after."""

    invocation_id: str
    """Identity of the call."""
    function_name: str
    """Name of the function."""
    reason: str
    """Why it was made, such as ``timer fired``."""
    started: datetime
    """When it began, in UTC."""
    outcome: Literal["running", "succeeded", "failed"] = "running"
    """What came of it."""
    duration_seconds: float = 0.0
    """Time that it took, in seconds."""
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    """Output -> what was sent, as text."""
    notes: list[str] = field(default_factory=list[str])
    """What became of outputs that were not sent."""
    logs: list[str] = field(default_factory=list[str])
    """Lines that the function logged."""
    error: str = ""
    """What went wrong, with the traceback of the user's code."""

    @property
    def milliseconds(self) -> int:
        """Time that the call took, in milliseconds."""
        return round(self.duration_seconds * 1000)

    def finish(self, run: Run, response: str | None = None) -> None:
        """Take in what came of the call.

        Args:
            run: What came of it.
            response: Name of the output that is an HTTP response, if there is one.
        """
        self.outcome = "succeeded" if run.exception is None else "failed"
        self.duration_seconds = run.duration_seconds
        self.logs = [_log_line(record) for record in run.logs]
        self.outputs = {name: shown(datum, is_response=name == response) for name, datum in run.datums.items()}
        for name, value in run.outputs.items():
            if name not in self.outputs and getattr(value, "is_streaming", False):
                self.outputs[name] = "(streamed)"
        if run.exception is not None:
            self.error = error_text(run.exception)

    def finish_stream(self, logs: Sequence[logging.LogRecord], failed: BaseException | None) -> None:
        """Take in what came of the body of a streamed response, which is sent after the function has ended.

        Args:
            logs: What was logged meanwhile.
            failed: What broke it off.
        """
        self.logs += [_log_line(record) for record in logs]
        if failed is not None:
            self.outcome = "failed"
            self.error = error_text(failed)


class History:
    """The latest calls, newest first when iterated.

    Args:
        size: Number of calls to keep.
    """

    def __init__(self, size: int = CALLS_KEPT) -> None:
        self._calls: deque[Call] = deque(maxlen=size)

    def add(self, call: Call) -> None:
        """Remember a call; the oldest one is forgotten when there are too many."""
        self._calls.append(call)

    def find(self, invocation_id: str) -> Call | None:
        """Give a call by its identity, or None if it is not remembered."""
        return next((call for call in self if call.invocation_id == invocation_id), None)

    def __iter__(self) -> Iterator[Call]:
        return reversed(self._calls)

    def __len__(self) -> int:
        return len(self._calls)


def shown(datum: Datum, *, is_response: bool = False) -> str:
    """Give a datum as text for people: an HTTP response by its status, type and body.

    Args:
        datum: What is sent.
        is_response: Whether it answers a request; text is the body of a response then.
    """
    if is_response or datum.type == "http":
        response = from_datum(datum)
        body = response.get_body()
        content_type = response.content_type if body else response.headers.get("content-type", "")
        return clipped(f"{response.status_code} {content_type}".strip() + (f"\n{_text(body)}" if body else ""))
    return clipped(_text(datum.value))


def clipped(text: str) -> str:
    """Shorten a text that is too long to keep."""
    return text if len(text) <= TEXT_KEPT else f"{text[:TEXT_KEPT]}... ({len(text)} characters)"


def error_text(error: BaseException) -> str:
    """Say what went wrong: with the traceback from where the user's code begins, if it comes there."""
    frames = user_frames(error)
    if isinstance(error, AzfuncError):
        head = "Traceback (most recent call last):\n" + "".join(traceback.format_list(frames)) if frames else ""
        return clipped(f"{head}{type(error).__name__}: {error}")
    trace = error.__traceback__
    while frames and trace is not None and trace.tb_frame.f_code.co_filename != frames[0].filename:
        trace = trace.tb_next
    return clipped("".join(traceback.format_exception(type(error), error, trace)).rstrip())


def _text(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"({len(value)} bytes)"


def _log_line(record: logging.LogRecord) -> str:
    line = f"{record.levelname.lower()}: {record.getMessage()}"
    if record.exc_info:
        line += "\n" + logging.Formatter().formatException(record.exc_info)
    return clipped(line)
