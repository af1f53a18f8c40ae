"""Settings for the tests: the same database engine, nothing sent, nothing slow."""

import os

from portal import database
from portal.settings.base import *  # noqa: F403  (a settings module is its base and a little more)
from portal.settings.base import INSTALLED_APPS, STORAGES, VAR

SECRET_KEY = "testing-only-" + "not-a-secret-" * 3
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]

DATABASES = {"default": database.settings(os.environ.get("DATABASE_URL"), VAR / "postgres")}
# Kept open, a connection of the live server's thread would stop the test database from going.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# A test database is made anew: nothing is lost when a machine stops in the middle.
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "options": "-c synchronous_commit=off",
}

MEDIA_ROOT = VAR / "testing" / "media"
STATIC_ROOT = VAR / "testing" / "static"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The real hasher takes a fifth of a second for each account that a test makes.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests sign in without the sign-in page, and so without a request that axes insists on.
AXES_ENABLED = False

DEMONSTRATION_PASSWORD = "testing-the-demonstration"

# A small process of its own, on which the engine is tested.
INSTALLED_APPS = ["tests.engine_flows", *INSTALLED_APPS]
