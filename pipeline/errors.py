"""Every error ducha raises on purpose, with the exit code a command ends with.

DuchaError                    says what happened, to which input, and what to do; one line
├── DocumentError             one document cannot be read; the others go on            (exit 1)
├── SnapshotError             a snapshot is missing, incomplete or cannot be written   (exit 2)
├── QueryError                a query or one of its parameters is wrong                (exit 2)
├── EndpointError             a remote store cannot be reached, refuses or fails       (exit 2)
├── ReasoningError            HermiT cannot be run, or found a contradiction           (exit 2; in hermit.py)
│   └── NoAnswerError         HermiT took too long: it is not known whether there is one
└── UsageError                wrong paths or options                                   (exit 2)
"""


class Wording(str):
    """An English text made of a pattern and values; it keeps both, so that it can be said in another language."""

    pattern: str
    values: dict[str, object]

    def __new__(cls, pattern: str, **values: object) -> "Wording":
        made = super().__new__(cls, pattern.format(**values))
        made.pattern, made.values = pattern, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """Errors cross processes, and their texts with them."""
        return (self.pattern,), self.values


class DuchaError(Exception):
    """`subject: what happened; what to do`, in one line. A text with values in it is a Wording."""

    exit_code = 2

    def __init__(self, subject: object, problem: str, remedy: str) -> None:
        self.subject = subject if isinstance(subject, str) else str(subject)
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{subject}: {problem}; {remedy}")

    def __reduce__(self) -> tuple[type["DuchaError"], tuple[str, str, str]]:
        """Errors cross processes."""
        return type(self), (self.subject, self.problem, self.remedy)


class DocumentError(DuchaError):
    """One document cannot be read (empty, binary, too large, no known encoding)."""

    exit_code = 1


class SnapshotError(DuchaError):
    """A snapshot is missing, incomplete, or cannot be written."""


class QueryError(DuchaError):
    """A named query, a query file or a parameter is wrong."""


class EndpointError(DuchaError):
    """A remote store cannot be reached, refuses, or answers something else. `status` is HTTP's, 0 where none came."""

    def __init__(self, subject: object, problem: str, remedy: str, status: int = 0) -> None:
        super().__init__(subject, problem, remedy)
        self.status = status

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed in a while."""
        return self.status in {0, 429, 500, 502, 503, 504}


class UsageError(DuchaError):
    """The command was called with wrong paths or options."""
