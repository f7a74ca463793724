"""Processes that belong together: who follows whom, and whether the port is free."""

import os
import signal
import socket
import threading
import time

from django.core.management import CommandError


def follow_parent() -> None:
    """End this process, as if by SIGTERM, once the one that started it is gone, however that one died."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()


def leave_on_signals() -> None:
    """Let SIGTERM and a closed terminal end the process the orderly way, as Ctrl-C does.

    Ctrl-C is named too: a shell script starts its background jobs deaf to it.
    """

    def leave(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, leave)


def await_port(host: str, port: int, *, patience: float = 5) -> None:
    """Return when the port is free; raise CommandError when somebody keeps it."""
    deadline = time.monotonic() + patience
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise CommandError(
                        f"Port {port} on {host} is not free ({error.strerror}). Choose another: PORT=8001."
                    ) from error
        time.sleep(0.2)
