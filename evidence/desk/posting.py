"""What a browser sends to a payload; pure, and total."""

import re
from collections.abc import Mapping
from typing import Any

from evidence.desk.fields import SINGLE, TABLES, page_name
from evidence.desk.payload import Payload

CONFIRM = "confirm-"
PASTES = ("citation", "measurements")
_ROW = re.compile(rf"({'|'.join(table.name for table in TABLES)})-([0-9]{{1,6}})-(\w+)")


def payload_from(sent: Mapping[str, str], before: Payload) -> dict[str, Any]:
    """All fields of the page, raw; a field that the page did not have stays as it was before."""
    payload: dict[str, Any] = {}
    for group in SINGLE:
        old = before.get(group.name) or {}
        payload[group.name] = {
            field.name: _kept(sent.get(page_name(group.name, field.name), old.get(field.name, "")))
            for field in group.fields
        }
    payload.update(_tables(sent))
    payload["confirmed"] = {
        name.removeprefix(CONFIRM): _kept(reason).strip()
        for name, reason in sent.items()
        if name.startswith(CONFIRM) and reason.strip()
    }
    payload["paste"] = {name: _kept(sent.get(f"paste-{name}", "")) for name in PASTES}
    return payload


def _tables(sent: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """The rows in the order of the page; blank ones are left out."""
    rows: dict[str, dict[str, dict[str, str]]] = {table.name: {} for table in TABLES}
    known = {table.name: {field.name for field in table.fields} for table in TABLES}
    for name, value in sent.items():
        match = _ROW.fullmatch(name)
        if match is not None and match[3] in known[match[1]]:
            rows[match[1]].setdefault(match[2], {})[match[3]] = _kept(value)
    return {
        table: [
            {"row": number, **cells}
            for number, cells in found.items()
            if any(c.strip() for c in cells.values())
        ]
        for table, found in rows.items()
    }


def sent_from(payload: Payload) -> dict[str, str]:
    """What a browser sends of a page that shows a payload."""
    sent = {
        page_name(group.name, field.name): (payload.get(group.name) or {}).get(field.name, "")
        for group in SINGLE
        for field in group.fields
    }
    for table in TABLES:
        for row in payload.get(table.name) or []:
            for field in table.fields:
                sent[page_name(table.name, field.name, row["row"])] = row.get(field.name, "")
    return sent


def _kept(value: Any) -> str:
    """Text as PostgreSQL can keep it: it takes no NUL in JSON."""
    return str(value).replace("\x00", "")
