"""Settings of the Atlas: one file for every place it runs; what differs comes from the environment.

ATLAS_ENV is `development` (default: a trial on one machine) or `production`. The readers in config.environment
raise with the cure. docs/operations.md lists every variable.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from config import api_enums, environment
from config.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

if (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")

ATLAS_ENV = environment.choice("ATLAS_ENV", ("development", "production"), "development")
IN_PRODUCTION = ATLAS_ENV == "production"
DEBUG = not IN_PRODUCTION

# ── Secrets and hosts ────────────────────────────────────────────────────────────────────────────────────────────
_database = environment.database("DATABASE_URL")
SECRET_KEY = environment.text("SECRET_KEY")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
if IN_PRODUCTION:
    environment.require(SECRET_KEY=SECRET_KEY, ALLOWED_HOSTS=ALLOWED_HOSTS, DATABASE_URL=_database)
else:
    SECRET_KEY = (
        SECRET_KEY or "development-only: production refuses to start with this key, see config/checks.py"
    )
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")
# Where people find the site; links in e-mails begin with it.
SITE_URL = environment.site(
    "SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if IN_PRODUCTION else "http://127.0.0.1:8000"
)
# How many proxies of ours stand in front and add to X-Forwarded-For; no other forwarded header is believed.
TRUSTED_PROXIES = environment.integer("TRUSTED_PROXIES", 0)
WEB_CONCURRENCY = environment.integer("WEB_CONCURRENCY", 2, minimum=1)

# ── Applications, lowest floor first ─────────────────────────────────────────────────────────────────────────────
LOCAL_APPS = ["foundation", "literature", "therapies", "evidence", "comparison"]
INSTALLED_APPS = [
    *LOCAL_APPS,
    "config",
    "foundation.admin_site.AtlasAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Serves static files in every way of running, so that development meets what production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "pghistory",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # For what foundation.caching does not compress itself. Each answer gets a random filler against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "foundation.api.middleware.ApiMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.history.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ── Database: PostgreSQL, a named server or the embedded one ─────────────────────────────────────────────────────
DATABASES: dict[str, dict[str, Any]]
if _database is not None:
    DATABASES = {
        "default": {
            **_database,
            "ENGINE": "django.db.backends.postgresql",
            # The pool keeps connections open; Django refuses a CONN_MAX_AGE beside it.
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                **_database.get("OPTIONS", {}),
                "pool": {
                    "timeout": environment.integer("DATABASE_POOL_TIMEOUT_SECONDS", 10, minimum=1),
                    "min_size": environment.integer("DATABASE_POOL_MIN", 1),
                    "max_size": environment.integer("DATABASE_POOL_MAX", 8, minimum=1),
                },
            },
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "config.postgres",
            # The database that initdb makes; the data folder holds nothing else.
            "NAME": "postgres",
            "TEST": {"NAME": "test_atlas"},
            "DATA_FOLDER": environment.text("EMBEDDED_POSTGRES_DIR", str(VAR_DIR / "postgres")),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Cache ────────────────────────────────────────────────────────────────────────────────────────────────────────
# How long a public answer is kept while the evidence stands; 0 computes each anew, as the benchmark does to time it.
RESPONSE_CACHE_SECONDS = environment.integer("RESPONSE_CACHE_SECONDS", 86_400)
CACHES = {"default": environment.cache("CACHE_URL")}

# ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LOGIN_URL = "admin:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Both together: neither can a stranger lock a colleague out, nor a shared hospital address lock out everyone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "config.clients.client_address"

# Readers change nothing, and asking who they are would make every public page a page of one visitor.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# Text that begins with = or @ stays text when a spreadsheet opens an export.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# ── Protection in the browser ────────────────────────────────────────────────────────────────────────────────────
# plotly.js fills an empty <style id="plotly.js-style-global"> of ours through the CSSOM. The hash is that of the empty
# string: it admits an empty style element and nothing else, and lets whole pages be cached, which a nonce would not.
EMPTY_STYLE_HASH = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, EMPTY_STYLE_HASH],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
# A patient with a thousand measurements is five thousand cells of the case form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IN_PRODUCTION
SECURE_SSL_REDIRECT = environment.boolean("SECURE_SSL_REDIRECT", IN_PRODUCTION)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES > 0 else None
SECURE_HSTS_SECONDS = environment.integer("SECURE_HSTS_SECONDS", 31_536_000 if IN_PRODUCTION else 0)  # a year
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0

# ── Language and time ────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# ── Static files ─────────────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = environment.text("STATIC_ROOT", str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.staticfiles.PackageFileFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if IN_PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
# A hashed name alone is kept and compressed: nothing links the plain one, and source maps are for developers.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "br", "gz", "png", "jpg", "webp", "woff2", "zip")
# Development serves files from where they lie; production serves what collectstatic gathered.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not IN_PRODUCTION

# ── API ──────────────────────────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK: dict[str, Any] = {
    # What is public needs nobody's name: no endpoint reads the session (foundation/api/views.py).
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["foundation.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "foundation.api.renderers.Negotiation",
    "DEFAULT_SCHEMA_CLASS": "foundation.api.schema.EvidenceSchema",
    "EXCEPTION_HANDLER": "foundation.api.problems.exception_handler",
    # Counted in foundation.api.middleware. None counts nothing: on one's own machine there is nobody to protect,
    # and tests ask quickly.
    "DEFAULT_THROTTLE_RATES": {
        "anon": environment.text("API_RATE_ANONYMOUS", "600/min" if IN_PRODUCTION else "") or None,
    },
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "IgG4-RD Therapy Atlas",
    "DESCRIPTION": (
        "What each therapy for IgG4-related disease does, what was reported, how sure that is, and where every number "
        "comes from. An evidence summary for professionals, not advice for a patient. Data under CC BY 4.0."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "LICENSE": {"name": "Data: CC BY 4.0", "identifier": "CC-BY-4.0"},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "displayRequestDuration": True, "validatorUrl": None},
    # One name for each closed list, wherever it is used.
    "ENUM_NAME_OVERRIDES": api_enums.NAMES,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
}

# ── E-mail of the researchers' desk ──────────────────────────────────────────────────────────────────────────────
# Unset: printed in development, not sent in production.
_mail = environment.mail("EMAIL_URL")
EMAIL_BACKEND = _mail.get(
    "EMAIL_BACKEND", f"django.core.mail.backends.{'dummy' if IN_PRODUCTION else 'console'}.EmailBackend"
)
EMAIL_HOST = _mail.get("EMAIL_HOST", "localhost")
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_PORT = _mail.get("EMAIL_PORT", 465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
# Sent within the request: a mail server that hangs must not hang the desk.
EMAIL_TIMEOUT = environment.integer("EMAIL_TIMEOUT_SECONDS", 5, minimum=1)
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", f"atlas@{urlsplit(SITE_URL).hostname}")

# ── Looking up citations ─────────────────────────────────────────────────────────────────────────────────────────
# Off for closed networks: then nothing here asks anybody, and citations are read from what is pasted alone.
LITERATURE_LOOKUP = environment.boolean("LITERATURE_LOOKUP", default=True)
# One look-up with its redirects and attempts. Well below the 30 seconds after which gunicorn ends a request.
LITERATURE_LOOKUP_SECONDS = environment.integer("LITERATURE_LOOKUP_SECONDS", 10, minimum=1)
# Crossref and NCBI ask every program to say whom to write to; Crossref answers such programs sooner.
LITERATURE_CONTACT = environment.email("LITERATURE_CONTACT")
DOI_RESOLVER_URL = environment.address("DOI_RESOLVER_URL", "https://doi.org")
PUBMED_CITATION_URL = environment.address("PUBMED_CITATION_URL", "https://pmc.ncbi.nlm.nih.gov/api/ctxp/v1")
CROSSREF_URL = environment.address("CROSSREF_URL", "https://api.crossref.org")
PUBMED_RECORDS_URL = environment.address(
    "PUBMED_RECORDS_URL", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
)

# ── Logs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
LOGGING = logging_settings(
    as_json=IN_PRODUCTION,
    level=environment.choice(
        "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO" if IN_PRODUCTION else "WARNING"
    ),
)
