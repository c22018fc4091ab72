"""What the framework, the pipeline and our own faults raise, as problems of the service."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from pipeline.errors import QueryError, SnapshotError, Wording
from service.log import LOG, REQUEST
from service.problems import BadRequestError, MethodError, MissingError, ProblemError

# By pydantic's type of error: what is wrong with the value, and what to give; its limits are named as pydantic does.
_FAULTS = {
    "missing": ("is missing", "give it"),
    "int_parsing": ("{value!r} is no whole number", "give a whole number"),
    "greater_than_equal": ("{value!r} does not do", "write {ge} or more"),
    "less_than_equal": ("{value!r} does not do", "write {le} or less"),
    "string_too_long": ("is too long", "write at most {max_length} characters"),
    "literal_error": ("{value!r} does not do", "use one of {expected}"),
}


def problem_of(error: Exception, path: str) -> ProblemError:
    """The problem that an answer tells of; what nobody foresaw is in the log, under the number of the request."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, QueryError):
        return BadRequestError(error.subject, error.problem, error.remedy)
    if isinstance(error, SnapshotError):
        return MissingError(error.subject, error.problem, error.remedy)
    if isinstance(error, HTTPException):
        return _refused(error, path)
    if isinstance(error, RequestValidationError):
        return _invalid(error.errors()[0])
    LOG.error("failed", exc_info=error, extra={"fields": {"path": path}})
    remedy = Wording("the operator finds the reason in the log under {request}", request=REQUEST.get())
    return ProblemError("service", "failed", remedy)


def _refused(error: HTTPException, path: str) -> ProblemError:
    """What the framework says of an address."""
    if error.status_code == 404:
        return MissingError(path, "is not known here", "look for it at /search")
    if error.status_code == 405:
        return MethodError(path, "does not take this method", "use one that Allow names", error.headers)
    problem = BadRequestError(path, Wording("cannot be answered ({why})", why=error.detail), "change the request")
    problem.status = error.status_code
    return problem


def _invalid(fault: Mapping[str, Any]) -> BadRequestError:
    """The first parameter of an address that its declared type refuses."""
    subject = Wording("parameter {name}", name=".".join(map(str, fault["loc"][1:])))
    if fault["type"] not in _FAULTS:
        problem = Wording("cannot be read ({why})", why=fault["msg"])
        return BadRequestError(subject, problem, "look its type up in /openapi.json")
    limits = {name: str(limit).replace(" or ", ", ") for name, limit in fault.get("ctx", {}).items()}
    values = {"value": str(fault["input"])[:60], **limits}
    problem, remedy = (Wording(pattern, **values) for pattern in _FAULTS[fault["type"]])
    return BadRequestError(subject, problem, remedy)
