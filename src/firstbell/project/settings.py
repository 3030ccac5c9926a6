"""Django's settings. Imports with no database running and makes nothing: the CLI and the tests do that first."""

from pathlib import Path

from django.utils.csp import CSP

from firstbell.domain.advice.settings import AdviceSettings, read_settings
from firstbell.project.databases import django_databases
from firstbell.project.environment import environment
from firstbell.project.keys import read_key
from firstbell.project.logs import logging_settings
from firstbell.project.mail import mailer

ENVIRONMENT = environment()
PACKAGE = Path(__file__).parent.parent

# Firstbell's own, read by the domain.
FIRSTBELL_HOME = ENVIRONMENT.home
FIRSTBELL_MASTER_KEY = ENVIRONMENT.master_key.get_secret_value()
FIRSTBELL_MASTER_KEY_FILE = ENVIRONMENT.home / "keys" / "master"
FIRSTBELL_MAX_UPLOAD_BYTES = ENVIRONMENT.max_upload_mb * 1024 * 1024
FIRSTBELL_MAX_UNPACKED_BYTES = ENVIRONMENT.max_unpacked_mb * 1024 * 1024
FIRSTBELL_METRICS_TOKEN = ENVIRONMENT.metrics_token.get_secret_value()
FIRSTBELL_READS_A_MINUTE = ENVIRONMENT.reads_a_minute
FIRSTBELL_URL = ENVIRONMENT.site
FIRSTBELL_SFTP_ADDRESS = ENVIRONMENT.sftp_address
FIRSTBELL_WATCHED = ENVIRONMENT.watched
FIRSTBELL_DROP_QUIET = ENVIRONMENT.drop_quiet_seconds
FIRSTBELL_REACHABLE_HOSTS = frozenset(ENVIRONMENT.reachable_hosts)
FIRSTBELL_PROXIES = ENVIRONMENT.proxies
FIRSTBELL_ADVICE = read_settings(ENVIRONMENT.advice) if ENVIRONMENT.advice else AdviceSettings()
FIRSTBELL_DORMANT_DAYS = ENVIRONMENT.dormant_days
FIRSTBELL_OBJECTION_DAYS = ENVIRONMENT.objection_days
FIRSTBELL_SPACES = ENVIRONMENT.spaces
FIRSTBELL_STAFF_SECOND_STEP = ENVIRONMENT.staff_second_step
FIRSTBELL_MAKES_APPLICATION_ROLE = not ENVIRONMENT.database_app_url

SECRET_KEY = ENVIRONMENT.secret_key.get_secret_value() or read_key(ENVIRONMENT.home, "secret")
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "firstbell.project.urls"
WSGI_APPLICATION = "firstbell.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = django_databases(ENVIRONMENT)
DATABASE_ROUTERS = ["firstbell.project.router.OwnerMigrates"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "firstbell_cache"}}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "django_htmx",
    "procrastinate.contrib.django",
    "firstbell.domain.audit.apps.AuditConfig",
    "firstbell.domain.districts.apps.DistrictsConfig",
    "firstbell.domain.accounts.apps.AccountsConfig",
    "firstbell.domain.roster.apps.RosterConfig",
    "firstbell.domain.imports.apps.ImportsConfig",
    "firstbell.domain.sharing.apps.SharingConfig",
    "firstbell.domain.sources.apps.SourcesConfig",
    "firstbell.domain.signon.apps.SignOnConfig",
    "firstbell.domain.launch.apps.LaunchConfig",
    "firstbell.domain.changing.apps.ChangingConfig",
    "firstbell.domain.advice.apps.AdviceConfig",
    "firstbell.domain.assisted.apps.AssistedConfig",
    "firstbell.domain.portfolio.apps.PortfolioConfig",
    "firstbell.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "firstbell.web.signin.lasting.SessionsEnd",
    "firstbell.web.signon.session.SignOnSessions",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# People. Adults sign in by e-mail through allauth, students by a credential of ours (accounts.signin).
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "firstbell.domain.accounts.signin.StudentBackend",
]
PASSWORD_HASHERS = ["firstbell.domain.accounts.hashing.Argon2"]
# NIST SP 800-63B-4 3.1.1.2: length and a blocklist, no rules of composition.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "firstbell.domain.accounts.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "firstbell.web.signon.other_ways.ByTheRightDoor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]  # a code by mail would be a third door to guard
# Per address a staff room's worth, per account what a person who forgot would try.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "100/5m/ip,10/5m/key", "reset_password": "20/m/ip,5/h/key"}
ACCOUNT_RATE_LIMITS["keep_advice"] = "10/h/ip"
PASSWORD_RESET_TIMEOUT = 60 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.proxies
NINJA_NUM_PROXIES = ENVIRONMENT.proxies

# Identity providers of districts: connections are rows of ours (domain.signon), and nobody signs up by one.
SOCIALACCOUNT_ADAPTER = "firstbell.web.signon.adapter.OnTheRosterOnly"
SOCIALACCOUNT_STORE_TOKENS = False

# Programs that people open signed in: what they are told is their grant's to say (domain.launch).
IDP_OIDC_ADAPTER = "firstbell.web.launch.adapter.GrantedOnly"
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 5 * 60  # for the one question that follows the sign-in

# The second step for signing in: an app's codes, passkeys, and codes on paper for the day that both are lost.
MFA_ADAPTER = "firstbell.domain.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}  # a staff room behind one address, as for passwords
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.https  # browsers themselves allow it at localhost only

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [
    f"{'https' if ENVIRONMENT.https else 'http'}://{'*' if host.startswith('.') else ''}{host}"
    for host in ENVIRONMENT.hosts
    if host != "*"
]

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^metrics$"]  # machines ask from inside, past the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
SECURE_HSTS_PRELOAD = ENVIRONMENT.https
if ENVIRONMENT.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "firstbell.web.fonts.FontFinder",
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": ENVIRONMENT.home / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# A package goes to disk while it arrives, never through memory; forms stay small.
FILE_UPLOAD_HANDLERS = ["firstbell.web.runs.upload_limit.LimitedUpload"]
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 60

# Mail goes to the operator's server, or nowhere: then pages show the links that they would have sent.
FIRSTBELL_SENDS_MAIL = bool(ENVIRONMENT.smtp_host)
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from or "firstbell@localhost"
MAILERS = {"default": mailer(ENVIRONMENT)}
SILENCED_SYSTEM_CHECKS = ["mail.E001"]  # to send none is the operator's choice

LOGGING_CONFIG = "firstbell.project.logs.configure_logging"
LOGGING = logging_settings(ENVIRONMENT.log_level)
