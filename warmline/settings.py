"""One frozen Settings, read once from the environment and a `.env` of the working directory."""

import re
from collections.abc import Collection
from ipaddress import ip_address
from typing import Annotated, Literal, NamedTuple
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
LOG_FORMATS = ("text", "json")
SHORTEST_SECRET_KEY = 32
MOST_WORKERS = 64

EXAMPLES = {
    "DATABASE_URL": "sqlite:///warmline.db",
    "TWILIO_ACCOUNT_SID": "<account SID from the provider's console>",
    "TWILIO_AUTH_TOKEN": "<auth token from the provider's console>",
    "WARMLINE_PROVIDER": "twilio",
    "WARMLINE_PROVIDER_URL": "https://api.twilio.com",
    "WARMLINE_PUBLIC_URL": "https://line.example.org",
    "WARMLINE_CALLS_PER_SECOND": "1",
    "WARMLINE_TEXTS_PER_SECOND": "1",
    "WARMLINE_METRICS_TOKEN": "<one long random word>",
    "WARMLINE_SECRET_KEY": f"<{SHORTEST_SECRET_KEY} or more random characters>",
    "PORT": "8000",
    "WARMLINE_WORKERS": "2",
    "WARMLINE_LOG_LEVEL": "info",
    "WARMLINE_DATABASE_POOL": "5+5",
    "WARMLINE_LOG_FORMAT": "text",
    "WARMLINE_HEARTBEAT_URL": "https://dead-man.example.org/ping/your-own",
}
"""Every setting there is, with a value that would be right."""

RULES = {
    "WARMLINE_PROVIDER": "must be twilio",
    "WARMLINE_CALLS_PER_SECOND": "must be a number above 0",
    "WARMLINE_TEXTS_PER_SECOND": "must be a number above 0",
    "PORT": "must be a whole number from 1 to 65535",
    "WARMLINE_WORKERS": f"must be a whole number from 1 to {MOST_WORKERS}",
    "WARMLINE_LOG_LEVEL": f"must be one of {', '.join(LOG_LEVELS)}",
    "WARMLINE_DATABASE_POOL": "must be two whole numbers, connections kept (1 or more) and added",
    "WARMLINE_LOG_FORMAT": f"must be one of {', '.join(LOG_FORMATS)}",
}
"""Settings whose whole rule fits in a phrase; none of them is secret, so a wrong value is shown."""


OTHER_NAMES = {"WARMLINE_WORKERS": "WEB_CONCURRENCY"}
"""What platforms call settings of ours; where both are set in one place, ours holds."""


class BadSetting(Exception):
    """A setting is missing or malformed; its text is one line fit for a person to read."""


def _wrong(what: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{what}", {"what": what})


def _parts(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part for part in (piece.strip() for piece in value.split(",")) if part)


def _one_word(value: str) -> str:
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise _wrong("holds a space or a character that is not plain ASCII")
    return value


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_one_word(value) for value in values)


def _account(value: str) -> str:
    if any(mark in value for mark in "/:?#"):
        raise _wrong("holds a character that cannot be part of an account's name")
    return _one_word(value)


def _long_enough(keys: tuple[str, ...]) -> tuple[str, ...]:
    if any(len(key) < SHORTEST_SECRET_KEY for key in keys):
        raise _wrong(f"is too short: each key needs at least {SHORTEST_SECRET_KEY} characters")
    return keys


def _sqlalchemy_url(value: str) -> str:
    """Plain and Heroku spellings become SQLAlchemy's, with psycopg 3 as PostgreSQL's driver."""
    scheme, _, rest = value.strip().partition("://")
    if scheme == "sqlite" and re.fullmatch(r"/[^?]+.*", rest):
        return f"sqlite://{rest}"
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and re.fullmatch(
        r"[^/]*/[^/?]+.*", rest
    ):
        return f"postgresql+psycopg://{rest}"
    raise _wrong(
        "must name a database as sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
    )


def _split(value: str) -> SplitResult:
    """The parts of a web address, or the error of one that cannot be read."""
    text = _one_word(value.strip())
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise _wrong("is not a web address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _wrong("must begin with https:// and a host name")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_on_loopback(address: str) -> bool:
    """Whether a web address leads to this machine and is of no use from anywhere else."""
    return _is_loopback(urlsplit(address).hostname or "")


def _address(value: str) -> str:
    """An https address (http on loopback hosts) as a base to put paths behind."""
    if _safe(value).username is not None or "?" in value or "#" in value:
        raise _wrong("must not hold a user name, a query (?) or a fragment (#)")
    return value.strip().rstrip("/")


def _heartbeat_address(value: str) -> str:
    """As `_address`, but as it stands: it is asked for itself, and may hold a query."""
    if _safe(value).username is not None or "#" in value:
        raise _wrong("must not hold a user name or a fragment (#)")
    return value.strip()


def _safe(value: str) -> SplitResult:
    """The parts of an address that nobody on the way can read: https, or on this machine."""
    parts = _split(value)
    if parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
        raise _wrong("must begin with https:// (http:// is for this machine only)")
    return parts


def _public_address(value: str) -> str:
    """As `_address`, with a host that the provider accepts (error 21609 refuses underscores)."""
    if "_" in (_split(value).hostname or ""):
        raise _wrong("has an underscore in its host name, which the provider refuses")
    return _address(value)


class ConnectionPool(NamedTuple):
    """How many connections to the database a process keeps, and how many more it may open."""

    keeps: int
    adds: int


def _pool(value: object) -> object:
    found = (
        re.fullmatch(r"(\d{1,3})\s*\+\s*(\d{1,3})", value.strip())
        if isinstance(value, str)
        else None
    )
    return tuple(int(part) for part in found.groups()) if found else value


def _keeps_one(value: ConnectionPool) -> ConnectionPool:
    if value.keeps < 1:
        raise ValueError
    return value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class Settings(BaseModel):
    """What a deployment decides. `load` reads one; by hand it takes these field names.

    An empty text or tuple means "not set". Of several auth tokens the first calls out, of several
    secret keys the first encrypts.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True
    )

    # Hidden in repr because it may hold a password; a SQLAlchemy URL with its driver chosen.
    database_url: Annotated[str, AfterValidator(_sqlalchemy_url)] = Field(
        default="sqlite:///warmline.db", validation_alias="DATABASE_URL", repr=False
    )
    account_sid: Annotated[str, AfterValidator(_account)] = Field(
        default="", validation_alias="TWILIO_ACCOUNT_SID"
    )
    auth_tokens: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_parts), AfterValidator(_words)
    ] = Field(default=(), validation_alias="TWILIO_AUTH_TOKEN", repr=False)
    provider: Literal["twilio"] = Field(default="twilio", validation_alias="WARMLINE_PROVIDER")
    provider_url: Annotated[str, AfterValidator(_address)] = Field(
        default="https://api.twilio.com", validation_alias="WARMLINE_PROVIDER_URL"
    )
    public_url: Annotated[str, AfterValidator(_public_address)] = Field(
        default="", validation_alias="WARMLINE_PUBLIC_URL"
    )
    calls_per_second: float = Field(
        default=1.0, gt=0, allow_inf_nan=False, validation_alias="WARMLINE_CALLS_PER_SECOND"
    )
    texts_per_second: float = Field(
        default=1.0, gt=0, allow_inf_nan=False, validation_alias="WARMLINE_TEXTS_PER_SECOND"
    )
    metrics_token: Annotated[str, AfterValidator(_one_word)] = Field(
        default="", validation_alias="WARMLINE_METRICS_TOKEN", repr=False
    )
    secret_keys: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_parts), AfterValidator(_long_enough)
    ] = Field(default=(), validation_alias="WARMLINE_SECRET_KEY", repr=False)
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")
    workers: int = Field(
        default=1,
        ge=1,
        le=MOST_WORKERS,
        validation_alias=AliasChoices("WARMLINE_WORKERS", "WEB_CONCURRENCY"),
    )
    log_level: Annotated[
        Literal["debug", "info", "warning", "error", "critical"], BeforeValidator(_lower)
    ] = Field(default="info", validation_alias="WARMLINE_LOG_LEVEL")
    database_pool: Annotated[
        ConnectionPool, NoDecode, BeforeValidator(_pool), AfterValidator(_keeps_one)
    ] = Field(default=ConnectionPool(5, 5), validation_alias="WARMLINE_DATABASE_POOL")
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = Field(
        default="text", validation_alias="WARMLINE_LOG_FORMAT"
    )
    # Hidden in repr, and told in no log: whoever knows it can say that all is well.
    heartbeat_url: Annotated[str, AfterValidator(_heartbeat_address)] = Field(
        default="", validation_alias="WARMLINE_HEARTBEAT_URL", repr=False
    )


class _Environment(BaseSettings, Settings):
    """A Settings that fills itself from the environment, then from `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        case_sensitive=True,
        validate_default=False,
    )


def load(*, needs: Collection[str] = ()) -> Settings:
    """The settings of this process; `needs` are names (as in EXAMPLES) that must be set.

    Raises BadSetting, whose text is one line that names the setting, what is wrong and an example.
    """
    try:
        settings = _Environment()
    except ValidationError as error:
        complaint = _complaint(error.errors(include_url=False, include_context=False)[0])
    except UnicodeDecodeError:
        complaint = ".env cannot be read: it must be plain UTF-8 text, for example PORT=8000"
    else:
        refuse_missing(settings, needs)
        return settings
    raise BadSetting(complaint)


def _complaint(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    what = error["msg"] if error["type"] == "setting" else RULES.get(name, "cannot be read")
    if name in RULES:
        what = f"is {str(error['input'])[:40]!r}, but {what}"
    also = f" (or {OTHER_NAMES[name]})" if name in OTHER_NAMES else ""
    return f"{name}{also} {what}; for example {name}={EXAMPLES[name]}"


def refuse_missing(settings: Settings, needs: Collection[str]) -> None:
    """Raise BadSetting, one line, when some of `needs` (names as in EXAMPLES) are not set."""
    fields = {str(field.validation_alias): name for name, field in Settings.model_fields.items()}
    missing = [name for name in EXAMPLES if name in needs and not getattr(settings, fields[name])]
    if not missing:
        return
    examples = " ".join(f"{name}={EXAMPLES[name]}" for name in missing)
    are = "are" if len(missing) > 1 else "is"
    raise BadSetting(
        f"{' and '.join(missing)} {are} missing; set in the environment or in .env,"
        f" for example {examples}"
    )
