"""Settings for `make run` and for developers: this machine only, e-mail to the terminal."""

import os

from portal import database
from portal.settings.base import *  # noqa: F403  (a settings module is its base and a little more)
from portal.settings.base import STORAGES, VAR

# Public on purpose: production refuses to start with it.
SECRET_KEY = "development-only-" + "not-a-secret-" * 3

# Off even here: a newcomer sees the pages that users see. `DEBUG=1 make run` shows tracebacks.
DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

DATABASES = {"default": database.settings(os.environ.get("DATABASE_URL"), VAR / "postgres")}

PORT = os.environ.get("PORT") or "8000"
WAGTAILADMIN_BASE_URL = f"http://127.0.0.1:{PORT}"
# To the terminal (under `make run`: the worker's log), unless a mail server is named.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True

# Every demonstration account's; production has none, and refuses to load the demonstration.
DEMONSTRATION_PASSWORD = "wexmoor-demonstration"
