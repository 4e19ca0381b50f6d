"""Do a site's folders lie apart? The drop folder is emptied, the failure folder tidied up: never over what is kept."""

from __future__ import annotations

from pathlib import Path

from ingest.settings import SitePaths


def folder_problems(paths: SitePaths) -> list[str]:
    """What is wrong with where the folders lie, in words that name the setting; nothing needs to exist yet."""
    home, inbox = _real(paths.home), _real(paths.inbox)
    kept = [_real(folder) for folder in paths.kept]
    problems = []
    if _touches(inbox, home, kept):
        problems.append("intake.inbox: the drop folder holds, or lies in, what the site keeps; name one of its own")
    if paths.failure_folder is not None:
        failures = _real(paths.failure_folder)
        if _touches(failures, home, kept):
            reason = "it holds, or lies in, what the site keeps; name a folder of its own"
            problems.append(f"intake.failure_folder: {reason}")
        if failures.is_relative_to(inbox) or inbox.is_relative_to(failures):
            reason = "what is put there would be taken in again; name a folder apart from the drop folder"
            problems.append(f"intake.failure_folder: {reason}")
    return problems


def has_own_drop_folder(paths: SitePaths) -> bool:
    """Whether the drop folder is the site's own, below `home`: one elsewhere may be a share that is away just now."""
    return _real(paths.inbox).is_relative_to(_real(paths.home))


def _touches(folder: Path, home: Path, kept: list[Path]) -> bool:
    return home.is_relative_to(folder) or any(folder.is_relative_to(own) for own in kept)


def _real(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):  # links in a ring
        return folder.absolute()
