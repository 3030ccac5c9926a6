"""The log: one line per event on standard error, JSON in a pipe, readable in a terminal, and nobody's data in it."""

import logging.config
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PACKAGE = str(Path(__file__).parent.parent)
FRAMES = 12

# What a log line may carry besides its event. Everything else (a request, a user, an SQL parameter) is left out.
ALLOWED = frozenset(
    {
        "event", "level", "logger", "timestamp", "error", "where", "sqlstate", "constraint",
        "status", "method", "route", "seconds", "district_id", "run_id", "source_id", "job_id", "task", "count", "step",
        "state", "worker", "code", "address", "port",
    }
)  # fmt: skip


def without_personal_data(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Keep what is known to be harmless; tell an error by its type and place, not by its text, which quotes values."""
    failure = event.pop("exc_info", None)
    kept: dict[str, Any] = {key: value for key, value in event.items() if key in ALLOWED or key.startswith("_")}
    if failure is True:
        failure = sys.exc_info()
    if isinstance(failure, BaseException):
        failure = (type(failure), failure, failure.__traceback__)
    if isinstance(failure, tuple) and failure[1] is not None:
        kept |= _describe(failure[1], failure[2])
    return kept


def what_was_asked(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """For Django's lines about a request: its status, method and route (`people/<int:id>/`, not whose)."""
    record = event.get("_record")
    request = getattr(record, "request", None)
    if request is not None:
        event["status"] = getattr(record, "status_code", None)
        event["method"] = getattr(request, "method", None)
        event["route"] = getattr(getattr(request, "resolver_match", None), "route", None)
    return event


def _describe(fault: BaseException, trace: TracebackType | None) -> dict[str, Any]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    where = [f"{frame.filename.removeprefix(PACKAGE).lstrip('/')}:{frame.lineno} {frame.name}" for frame in frames]
    described: dict[str, Any] = {"error": type(fault).__qualname__, "where": where}
    diagnosis = getattr(fault.__cause__ or fault, "diag", None)
    if diagnosis is not None:
        described |= {"sqlstate": diagnosis.sqlstate, "constraint": diagnosis.constraint_name}
    return described


SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING (`logging.config.dictConfig`'s format)."""
    final = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    what_was_asked,
                    without_personal_data,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    final,
                ],
                "keep_exc_info": False,
                # Another library's message stays `Not Found: %s`; its arguments name a path, or a person.
                "use_get_message": False,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django": {"level": "INFO"},
            "django.db.backends": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},  # it tells each address that it asks, and an address may name somebody
            "procrastinate": {"level": "WARNING"},
            "asyncssh": {"level": "WARNING"},
        },
    }


def configure_logging(settings: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: the standard library's logging and structlog write to the same place."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
