"""What the pages share: the site, its pictures, the filer, the door and the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from ingest.review import Right
from ingest.review.words import percent, words
from ingest.running.filer import Filer
from ingest.running.page_pictures import PagePictures
from ingest.running.site import Site
from ingest.web.door import Door, Visit

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One running desk."""

    site: Site
    pictures: PagePictures
    filer: Filer
    door: Door
    templates: Environment

    def page(self, visit: Visit | None, template: str, *, status: int = 200, **told: Any) -> Response:
        """A page, or the part of one that `template` is, for this visit."""
        text = self.templates.get_template(template).render(_common(visit), **told)
        return HTMLResponse(text, status_code=status)


def make_templates() -> Environment:
    """The templates; whatever they show is text unless a template says otherwise."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"words": words, "percent": percent, "printable": printable}
    return made


def printable(text: str) -> str:
    """A text from outside as it can be shown: what turns or hides text is a replacement sign."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign == " " else "\ufffd" for sign in text)


def _common(visit: Visit | None) -> Mapping[str, Any]:
    if visit is None:
        return {"user": None, "role": None, "token": "", "may": {}}
    return {
        "user": visit.who.account.name,
        "role": visit.role.value,
        "token": visit.who.form_token,
        "may": {right.name.lower(): visit.may(right) for right in Right},
    }
