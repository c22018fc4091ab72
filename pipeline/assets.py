"""Where the project's own data files lie: the checkout's folders, or their copies inside an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent
_BUNDLED = _PACKAGE / "_bundled"


def asset_path(folder: str, *parts: str) -> Path:
    """The path of `folder/parts…`, where folder is one of `ontology`, `shapes`, `queries`, `data`.

    A checkout (it has a `pyproject.toml`) is preferred to the copies a wheel carries.
    Raises FileNotFoundError when neither holds it.
    """
    for root in (_CHECKOUT, _BUNDLED):
        if root == _CHECKOUT and not (root / "pyproject.toml").is_file():
            continue
        path = root.joinpath(folder, *parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"{'/'.join((folder, *parts))}: not in this installation; reinstall ducha")
