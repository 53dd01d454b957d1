"""Polls a feed as Python's Universal Feed Parser does it, and prints what it read as JSON.

feedparser_poll.py URL STATE: STATE is a file that keeps the ETag and Last-Modified of the last answer.
"""

import json
import os
import sys
import time

import feedparser

url, state_file = sys.argv[1:]
state = {}
if os.path.exists(state_file):
    with open(state_file) as kept:
        state = json.load(kept)

feed = feedparser.parse(url, etag=state.get("etag"), modified=state.get("modified"))
if feed.get("status") == 200:
    with open(state_file, "w") as kept:
        json.dump({"etag": feed.get("etag"), "modified": feed.get("modified")}, kept)


def authors(entry):
    return ", ".join(author.get("name", "") for author in entry.get("authors", []))


json.dump(
    {
        "status": feed.get("status"),
        "trouble": str(feed.get("bozo_exception")) if feed.bozo else None,
        "items": [
            {
                "id": entry.get("id"),
                "title": entry.get("title"),
                "authors": authors(entry),
                "at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", entry.published_parsed),
                "html": entry.content[0].value if entry.get("content") else "",
            }
            for entry in feed.entries
        ],
    },
    sys.stdout,
)
