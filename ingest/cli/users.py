"""Who sits at the terminal: the operating system says so."""

from __future__ import annotations

import os
import pwd


def current_user() -> str:
    """The login name of the process's user; its number when it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid-{os.getuid()}"
