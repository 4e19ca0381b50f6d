"""Reviewers as Locust plays them: each logs in, and works item after item."""

from __future__ import annotations

import itertools
import os
import random
import re
from typing import Any

from locust import HttpUser, between, events, task

_NUMBERS = itertools.count()
_THINK_S = float(os.environ.get("THINK_S", "5"))
_ITEM = re.compile(r'data-item="(D\d+)"')
_VERSION = re.compile(r'name="version" value="(\d+)"')
_TOKEN = re.compile(r'data-token="(\w+)"')
_PICTURE = re.compile(r'<img src="(/review/documents/D\d+/pages/\d+\?v=\d+)"')


class Reviewer(HttpUser):
    """One person at a browser."""

    wait_time = between(_THINK_S / 2, _THINK_S * 1.5)

    def on_start(self) -> None:
        """Logs in and takes the first item."""
        name = f"clerk{next(_NUMBERS)}"
        data = {"name": name, "password": os.environ["PASSWORD"]}
        home = self.client.post("/review/login", data=data, name="log in")
        self.token = _TOKEN.search(home.text)[1]  # type: ignore[index]
        self.dice = random.Random(name)
        self.read(self.client.get("/review/next", name="first item").text)

    def read(self, page: str) -> None:
        """What the browser does with a page: it fetches the picture."""
        item = _ITEM.search(page)
        self.item = item[1] if item else None
        version = _VERSION.search(page, max(0, page.find('id="who-title"')))
        self.version = version[1] if version else ""
        self.can_file = 'name="candidate" value="1"' in page
        picture = _PICTURE.search(page)
        if picture:
            self.client.get(picture[1], name="picture")

    @task
    def decide(self) -> None:
        """Looks at the item once more, decides, and is shown the next one."""
        if self.item is None:
            self.read(self.client.get("/review/next", name="first item").text)
            return
        self.client.get(f"/review/items/{self.item}", name="item")
        data: dict[str, Any] = {"token": self.token, "version": self.version}
        act = "accept" if self.can_file and self.dice.random() < 0.5 else "discard"
        data |= {"candidate": "1", "confirm": "yes"} if act == "accept" else {"reason": "a copy"}
        headers = {"HX-Request": "true"}
        answer = self.client.post(f"/review/items/{self.item}/{act}", data=data, headers=headers, name="decision")
        self.read(answer.text)


@events.quitting.add_listener
def _quit(environment: Any, **_: Any) -> None:
    environment.process_exit_code = 0
