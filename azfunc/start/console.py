"""What `start` shows in the terminal: its own lines, and what the functions log."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from typing_extensions import Self

_CHATTY = ("asyncio", "azure", "httpcore", "httpx", "uvicorn", "watchfiles")
"""Loggers that tell more than anybody wants to know while functions run."""


class Console(logging.Handler):
    """Writes lines, and log records with the time in front, while it is open.

    Args:
        out: Where to.
    """

    def __init__(self, out: TextIO) -> None:
        super().__init__(logging.INFO)
        self._out = out
        self._levels: dict[str, int] = {}
        self.setFormatter(_Format())

    def say(self, text: str = "") -> None:
        """Write a line."""
        try:
            self._out.write(f"{text}\n")
            self._out.flush()
        except UnicodeEncodeError as error:
            self._out.write(f"{text.encode(error.encoding, 'backslashreplace').decode(error.encoding)}\n")
            self._out.flush()
        except (BrokenPipeError, ValueError):  # nobody reads any more
            pass

    def emit(self, record: logging.LogRecord) -> None:
        """Write a log record."""
        self.say(self.format(record))

    def __enter__(self) -> Self:
        root = logging.getLogger()
        self._levels[""] = root.level
        root.addHandler(self)
        root.setLevel(min(root.level, logging.INFO) or logging.INFO)
        for name in _CHATTY:
            chatty = logging.getLogger(name)
            if chatty.level == logging.NOTSET:
                self._levels[name] = chatty.level
                chatty.setLevel(logging.WARNING)
        return self

    def __exit__(self, *_exc_info: object) -> None:
        logging.getLogger().removeHandler(self)
        for name, level in self._levels.items():
            logging.getLogger(name or None).setLevel(level)


class _Format(logging.Formatter):
    """The time in UTC, the level if it is more than information, and the text."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the text of a record."""
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        level = f"{record.levelname.lower()}: " if record.levelno > logging.INFO else ""
        text = f"[{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z] {level}{record.getMessage()}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text
