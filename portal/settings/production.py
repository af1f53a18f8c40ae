"""Settings for a service that real families depend on: everything secret from the environment.

A missing or a default value is a refusal to start, in one sentence that names the variable.
docs/operating.md lists them all.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from portal import database
from portal.settings.base import *  # noqa: F403  (a settings module is its base and a little more)
from portal.settings.base import CONTENT_SECURITY_POLICY, VAR


def required(name: str, meaning: str) -> str:
    """Return the environment variable, or refuse to start without it."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"Set {name} to {meaning}.")
    return value


def switched_on(name: str, default: str) -> bool:
    """Return whether the environment variable says yes (1) or no (0)."""
    value = os.environ.get(name, default).strip()
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"Set {name} to 1 or 0, not {value!r}.")
    return value == "1"


DEBUG = False

SECRET_KEY = required("SECRET_KEY", "50 or more random characters that nobody else knows")
if len(SECRET_KEY) < 50 or "not-a-secret" in SECRET_KEY or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured(
        "Set SECRET_KEY to 50 or more random characters that nobody else knows: "
        "this one is too short, or is the published one of development."
    )
# Old keys still open what they signed (sessions, links) while a key is being changed.
SECRET_KEY_FALLBACKS = os.environ.get("SECRET_KEY_FALLBACKS", "").split()

SITE_ADDRESS = required("SITE_ADDRESS", "the address users type, such as https://accord.example")
if not SITE_ADDRESS.startswith("https://"):
    raise ImproperlyConfigured("SITE_ADDRESS must begin with https://: Accord holds health data.")
SITE_ADDRESS = SITE_ADDRESS.rstrip("/")
WAGTAILADMIN_BASE_URL = SITE_ADDRESS
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]

ALLOWED_HOSTS = required("ALLOWED_HOSTS", "the host names Accord answers to, by commas").split(",")
ALLOWED_HOSTS = [host.strip() for host in ALLOWED_HOSTS if host.strip()]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts: * would let anybody pose as us.")

DATABASES = {
    "default": database.settings(
        required("DATABASE_URL", "the PostgreSQL to use, as postgresql://user:password@host/name"),
        VAR / "postgres",
    )
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = required("EMAIL_HOST", "the host name of the mail server")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = switched_on("EMAIL_USE_TLS", "1")
DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL", "the address that Accord's e-mail comes from")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Cookies and transport ------------------------------------------------------------------------

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_SSL_REDIRECT = True
# Seconds: a year, for this host and those below it.
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {**CONTENT_SECURITY_POLICY["DIRECTIVES"], "upgrade-insecure-requests": True}
}

# Only behind a proxy that sets this header itself and drops what clients send.
if switched_on("BEHIND_PROXY", "0"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
