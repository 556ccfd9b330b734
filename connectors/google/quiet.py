"""Keeps the vendor's libraries from writing answers (titles) and tokens into a log, however chatty the log is set."""

from __future__ import annotations

import logging

_CHATTY = (
    "google",
    "google.auth",
    "google.auth.transport.requests",
    "google.oauth2",
    "google.oauth2._client",
    "google_auth_httplib2",
    "google_auth_oauthlib",
    "google_auth_oauthlib.flow",
    "googleapiclient",
    "googleapiclient.discovery",
    "googleapiclient.http",
    "oauthlib",
    "requests_oauthlib",
    "requests_oauthlib.oauth2_session",
    "urllib3",
)


def hush() -> None:
    """From here on these libraries log errors only; at lower levels they log what must not be kept."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
