"""Theme `upload`: a file in a multipart form, and what is written to disk for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Task, compare_all, figure
from benchmarks.libraries import request

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from benchmarks.harness import Plan, Result

BOUNDARY = "----bench"
LARGE = 100_000_000
NAMES = {1_000: "1 KB", 1_000_000: "1 MB", LARGE: "100 MB"}


def form_of(size: int) -> bytes:
    """Give the body of a form with a field, and a file of a size."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nphoto\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    line = b"0123456789abcdef" * 63 + b"0123456789abcd\r\n"
    content = (line * (size // len(line) + 1))[:size]
    return head + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def upload(size: int) -> Callable[[str], Callable[[], Any]]:
    """Make the work of reading an upload: the answer is the field, and the size of the file."""

    def make(library: str) -> Callable[[], Any]:
        body = form_of(size)
        headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}

        def work() -> Any:
            given = request(library, body, headers)
            file = given.files["file"]
            found = given.form["title"], file.filename, len(file.read())
            file.close()
            return found

        return work

    return make


class DiskWatch:
    """Counts what is written while it watches: files opened for it, and bytes where the system tells them."""

    _accounts = Path("/proc/self/io")

    def __init__(self) -> None:
        self.files = 0
        """Files that were opened for writing."""
        self.bytes = 0
        """Bytes that the process wrote, to whatever; 0 where the system does not tell."""
        self._is_on = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._is_on and event == "open":
            mode, flags = arguments[1], arguments[2]
            self.files += bool(set(mode or "") & set("wax+") or (flags or 0) & 3)

    def _written(self) -> int:
        if not self._accounts.exists():
            return 0
        [line] = [line for line in self._accounts.read_text(encoding="ascii").splitlines() if line.startswith("wchar")]
        return int(line.partition(":")[2])

    def __enter__(self) -> Self:
        self.files = 0
        self.bytes = -self._written()
        self._is_on = True
        return self

    def __exit__(self, *_: object) -> None:
        self._is_on = False
        self.bytes += self._written()


def tasks(*, largest: int = LARGE) -> list[Task]:
    """Give what is timed, up to a size."""
    return [
        Task("upload", f"upload of {name}", upload(size), 1.5, 4, rounds=3 if size == LARGE else None)
        for size, name in NAMES.items()
        if size <= largest
    ]


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme."""
    found = compare_all(tasks(largest=1_000_000 if plan.quick else LARGE), plan)
    for library in plan.others:
        work = upload(1_000_000)(library)
        work()
        with DiskWatch() as watch:
            work()
        found += [
            figure("upload", "files written for an upload", "files", watch.files, gate=0, aim=0, library=library),
            figure("upload", "bytes written for an upload", "bytes", watch.bytes, gate=0, aim=0, library=library),
        ]
    return found
