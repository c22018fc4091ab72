"""Old Word documents (.doc) and RTF → text, through LibreOffice, which turns them into .docx.

What is called .doc may be anything that Word opens: RTF, a page saved by Word, or a .docx under its old name; each is
read as what it is. LibreOffice runs in a profile of its own that is removed afterwards, runs no macro, loads nothing
that a document links to, and is ended when it takes too long.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from pipeline.errors import DocumentError
from pipeline.formats import webpage, word
from pipeline.formats.kinds import kind_of

SECONDS = 90.0
_SAVE_AS = "save it as .docx"
_STREAM = "WordDocument".encode("utf-16-le")  # the name of the part that holds the text
_LOCKED = "EncryptedPackage".encode("utf-16-le")
# LibreOffice reads settings from here when it starts.
_SETTINGS = Path("user", "registrymodifications.xcu")
_SAFE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    '<item oor:path="/org.openoffice.Office.Common/Security/Scripting">'
    '<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>'
    '<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>'
    '<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>'
    "</item></oor:items>\n"
)


def read(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a .doc or .rtf file. Raises DocumentError, also where LibreOffice is not installed."""
    kind = kind_of(data)
    if kind.suffix in (".html", ".mht"):
        return webpage.read(data, path)
    if kind.suffix == ".docx":
        return word.read(data, path)
    if kind.suffix == ".doc" and _LOCKED in data:
        raise DocumentError(path, "is locked with a password", f"unlock it and {_SAVE_AS}")
    if kind.suffix == ".doc" and _STREAM not in data:
        raise DocumentError(path, "is a damaged Word 97 document or another Office 97 file", _SAVE_AS)
    return word.read(_converted(data, kind.suffix, path), path)[0], kind.suffix.lstrip(".")


def _converted(data: bytes, suffix: str, path: Path) -> bytes:
    """The document as .docx."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        problem = "needs LibreOffice to be read, which is not installed"
        raise DocumentError(path, problem, f"install it (Debian: libreoffice-writer-nogui), or {_SAVE_AS}")
    with tempfile.TemporaryDirectory(prefix="ducha-word-") as name:
        folder = Path(name)
        source, profile = folder / f"source{suffix}", folder / "profile"
        source.write_bytes(data)
        (profile / _SETTINGS).parent.mkdir(parents=True)
        (profile / _SETTINGS).write_text(_SAFE, encoding="utf-8")
        options = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"]
        command = [program, *options, "--convert-to", "docx:MS Word 2007 XML", "--outdir", name, str(source)]
        try:
            subprocess.run(  # noqa: S603 - the program the user installed, on our own copy
                command,
                timeout=SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "HOME": name},
            )
            return source.with_suffix(".docx").read_bytes()
        except subprocess.TimeoutExpired:
            raise DocumentError(path, f"keeps LibreOffice busy for more than {SECONDS:.0f} s", _SAVE_AS) from None
        except OSError:
            raise DocumentError(path, "cannot be read by LibreOffice", f"open it in Word and {_SAVE_AS}") from None
