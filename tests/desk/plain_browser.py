"""A browser without scripts: it reads pages, follows links and fills forms in."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx2

from tests.waiting import LONG


class Reader(HTMLParser):
    """A page's forms, links and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._form: dict[str, Any] | None = None
        self._link: list[str] | None = None
        self._select = ""
        self._area = ""
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            fields: list[tuple[str, str]] = []
            self._form = {"action": given.get("action", ""), "fields": fields}
            self._form["method"] = given.get("method", "get")
            self._form["enctype"] = given.get("enctype", "")
            self.forms.append(self._form)
        elif tag == "a":
            self._link = [given.get("href", "")]
        elif tag in ("script", "style"):
            self._hidden += 1
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        fields, name = self._form["fields"], given.get("name", "")
        if tag == "input" and name:
            if given.get("type") == "file":
                return
            chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
            if chosen:
                fields.append((name, given.get("value", "on")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            mine = [one for one in fields if one[0] == self._select]
            if "selected" in given or not mine:
                fields[:] = [one for one in fields if one[0] != self._select]
                fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._area = name
            fields.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "a" and self._link is not None:
            self.links.append((" ".join("".join(self._link[1:]).split()), self._link[0]))
            self._link = None
        elif tag in ("script", "style"):
            self._hidden -= 1
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._area and self._form is not None:
            fields = self._form["fields"]
            name, before = fields.pop()
            fields.append((name, before + data.removeprefix("\n")))
        self.words.append(data)
        if self._link is not None:
            self._link.append(data)


class PlainBrowser:
    """One browser; `page` is what it shows."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.url = url
        headers = {"accept-language": language, "user-agent": "Mozilla (Linux) Firefox/150"}
        self.http = httpx2.Client(
            base_url=url, follow_redirects=True, headers=headers, timeout=LONG
        )
        self.answer: Any = None
        self.page = Reader("")

    def open(self, path: str) -> "PlainBrowser":
        return self._seen(self.http.get(path))

    def _seen(self, answer: Any) -> "PlainBrowser":
        self.answer = answer
        self.page = Reader(answer.text)
        return self

    def follow(self, link: str) -> "PlainBrowser":
        """Open the link with these words."""
        found = [href for words, href in self.page.links if words == link]
        assert found, f"no link {link!r} among {self.page.links}"
        return self.open(found[0])

    def send(self, action: str, /, **filled: str | list[str]) -> "PlainBrowser":
        """Fill in the form that goes to an address, and send it from its own page."""
        form = self._form(action)
        fields = [one for one in form["fields"] if one[0] not in filled]
        for name, value in filled.items():
            values = [value] if isinstance(value, str) else value
            fields += [(name, one) for one in values]
        if form["method"] == "get":
            return self._seen(self.http.get(form["action"], params=fields))
        return self._seen(self.post(form["action"], fields))

    def send_file(self, action: str, /, **files: bytes) -> "PlainBrowser":
        """Choose files in the form that goes to an address, and send it; empty: none is chosen."""
        form = self._form(action)
        assert form["enctype"] == "multipart/form-data", form
        return self._seen(self.upload(form["action"], dict(form["fields"]), files))

    def _form(self, action: str) -> dict[str, Any]:
        forms = [one for one in self.page.forms if re.fullmatch(action, one["action"])]
        assert forms, f"no form {action!r} among {[one['action'] for one in self.page.forms]}"
        return forms[0]

    def upload(self, path: str, fields: dict[str, str], files: dict[str, bytes]) -> Any:
        ours = {"origin": self.url, "sec-fetch-site": "same-origin"}
        sent = {name: ("sound.mp3" if data else "", data) for name, data in files.items()}
        return self.http.post(path, data=fields, files=sent, headers=ours)

    def post(self, path: str, fields: list[tuple[str, str]], **headers: str) -> Any:
        ours = {"origin": self.url, "sec-fetch-site": "same-origin"} | headers
        ours["content-type"] = "application/x-www-form-urlencoded"
        return self.http.post(path, content=urlencode(fields), headers=ours)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.page.words).split())

    @property
    def path(self) -> str:
        path: str = self.answer.url.raw_path.decode()
        return path

    def close(self) -> None:
        self.http.close()
