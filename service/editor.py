"""The query editor's files: what `service.install_editor` installs, and what the page loads of it."""

from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "editor"
SCRIPTS = ("codemirror.js", "sparql.js", "show-hint.js", "matchbrackets.js", "comment.js")
STYLES = ("codemirror.css", "show-hint.css")
FILES = (*SCRIPTS, *STYLES, "swagger-ui-bundle.js", "swagger-ui.css")


def installed() -> bool:
    """Whether `service/static/editor/` holds everything the pages load from it."""
    return all((FOLDER / name).is_file() for name in FILES)
