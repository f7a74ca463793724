"""Settings for tests: hermetic, fast, and connected as the owner, who may create and flush databases.

What the app's own role may do is tested by SET ROLE.
"""

import os
from pathlib import Path

for name in ("SITE_URL", "EMAIL_HOST", "DEBUG", "LIMITS_FACTOR", "TRUSTED_PROXIES", "STATEMENT_TIMEOUT"):
    os.environ.pop(name, None)
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASE_OWNER, DATABASES, STORAGES  # noqa: E402

# Nothing in a test has to survive a power cut.
DATABASES["default"] |= DATABASE_OWNER | {"CONN_MAX_AGE": 0}
DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES = {name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in ("default", "local")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
