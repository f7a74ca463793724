import logging
import re

ADDRESS = re.compile(r"[^\s<>@\"'(),:;]+@[\w.-]+\w")


class NoAddresses(logging.Filter):
    """Takes e-mail addresses out of every line, also those inside a traceback's message."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "@" in message:
            record.msg, record.args = ADDRESS.sub("[address]", message), ()
        return True
