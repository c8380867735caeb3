"""Tool tips that quote foreign text: what was typed, the name of a file."""

from __future__ import annotations

from html import escape


def plain_tip(text: str) -> str:
    """A tool tip that shows ``text`` as it is; of itself Qt would guess whether it is HTML."""
    return f"<p>{escape(text)}</p>" if text else ""
