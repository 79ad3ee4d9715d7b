"""start: Serve an app for development, until Ctrl-C.

HTTP routes are answered on http://localhost:7071, timers fire by their schedules, and every other function is called
by POST /admin/functions/NAME with {"input": "..."}, or by its form on the index page. With azfunc[storage] queues and
blobs work, by default those of the Azurite emulator. The app is loaded again when one of its files changes. Port and
CORS come from local.settings.json, unless they are given here. Production is Azure.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from azfunc.cli.describing import add_app, target_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc.cli.terminal import Terminal

NAME = "start"
EXAMPLES = """
azfunc start
azfunc start shop --port 8080
azfunc start --cors http://localhost:3000 --cors-credentials
azfunc start --key s3cret
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_app(parser, positional=True)
    parser.add_argument(
        "--port", type=_port, help="port (default: Host.LocalHttpPort, else 7071; 0 for any that is free)"
    )
    parser.add_argument(
        "--address",
        default="127.0.0.1",
        help="address to listen on; 0.0.0.0 lets other machines in (default: %(default)s)",
    )
    parser.add_argument("--no-reload", action="store_true", help="do not load the app again when a file of it changes")
    parser.add_argument("--no-storage", action="store_true", help="leave queues and blobs alone")
    parser.add_argument("--key", help="key that callers need for functions and the admin addresses (default: none)")
    parser.add_argument("--cors", metavar="ORIGINS", help="origins that may call, with commas between them; * for all")
    parser.add_argument("--cors-credentials", action="store_true", default=None, help="let them send cookies")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 1 << 16):
        raise ArgumentTypeError(f"{text!r} is no number from 0 to 65535")
    return int(text)


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Serve the app; gives the exit status."""
    from azfunc.start import StartOptions, start

    given: str | None = arguments.cors
    return start(
        StartOptions(
            target=target_of(arguments),
            port=arguments.port,
            address=arguments.address,
            reloads=not arguments.no_reload,
            storage=not arguments.no_storage,
            key=arguments.key,
            cors=None if given is None else tuple(each.strip() for each in given.split(",") if each.strip()),
            cors_credentials=arguments.cors_credentials,
        ),
        out=terminal.out,
    )
