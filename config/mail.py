from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend


class LocalBackend(EmailBackend):
    """Local mode: each letter is kept in DATA_DIR/mail and announced on the console."""

    def write_message(self, message: EmailMessage) -> None:
        super().write_message(message)
        print(f"--- a letter, also in {self.file_path}\n{message.message().as_string()}", flush=True)
