"""A browser without scripts: it follows the redirects of the emulator, and submits the forms of its pages.

It stops at the URL of an application, which does not exist.
"""

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests


@dataclass
class Page:
    """The URL at which the browser has stopped. At the URL of an application, there is no status and no text."""

    url: str
    status: int = 0
    text: str = ""

    def hidden(self):
        """The hidden fields, by their names."""
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', self.text)
        return {name: html.unescape(value) for name, value in fields}

    def submit(self, **fields):
        """Submits the form with its hidden fields. `fields` are the fields that a person fills in."""
        action = html.unescape(re.search(r'<form method="post" action="([^"]*)"', self.text)[1])
        return _follow("POST", urljoin(self.url, action), {**self.hidden(), **fields})


def open_page(url, **params):
    """Opens a URL of the emulator."""
    return _follow("GET", requests.Request("GET", url, params=params).prepare().url)


def _follow(method, url, form=None):
    origin = urlsplit(url).netloc
    for _ in range(5):
        answer = requests.request(method, url, data=form, allow_redirects=False)
        if "location" not in answer.headers:
            return Page(url, answer.status_code, answer.text)
        method, form, url = "GET", None, urljoin(url, answer.headers["location"])
        if urlsplit(url).netloc != origin:
            return Page(url)
    raise AssertionError(f"too many redirects: {url}")
