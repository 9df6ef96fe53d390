"""What `tropa seizure-test` prints: what of the canaries was found, which keys opened what, and what lies in clear."""

from __future__ import annotations

from typing import Any

from tropa.cli.language import gettext as _


def say_engine(engine: str) -> None:
    """Before an engine is played."""
    _print(f"\n== {engine}")


def say_result(found: dict[str, Any]) -> bool:
    """Print what was found; whether nothing speaks against it."""
    held = not (found["hits"] or found["opened"] or found["visits"] or found["untried"])
    _say_search(found)
    _say_keys(found)
    held &= _say_columns(found["columns"])
    if found["without_server"]:
        _print(_("Not searched: the server's own files, which cannot be read from here."))
    _print(
        _("Nothing else can be read.")
        if held
        else _("SOMETHING CAN BE READ that the threat model does not name. Do not put this version to work.")
    )
    return held


def _say_search(found: dict[str, Any]) -> None:
    told = {"places": found["places"], "kilobytes": found["size"] // 1000, "hits": len(found["hits"])}
    _print(_("Searched: %(places)d places, %(kilobytes)d kB. Canaries found: %(hits)d.") % told)
    for hit in found["hits"]:
        _print(f"  {_('FOUND')}  {hit['what']} ({hit['shape']}): {hit['where']}")


def _say_keys(found: dict[str, Any]) -> None:
    told = {"keys": found["keys"], "blobs": found["blobs"], "opened": len(found["opened"]) + found["visits"]}
    _print(_("Keys tried: %(keys)d, against %(blobs)d sealed values. Opened: %(opened)d.") % told)
    for column in found["opened"]:
        _print(f"  {_('OPENED')}  {column}")
    for column in found["untried"]:
        _print(f"  {_('NOT TRIED')}  {column}")
    if found["service"]:
        _print(_("Whoever takes the desk's service key too opens with it, as the threat model says:"))
    for column, (opened, there) in found["service"].items():
        _print(
            "  "
            + _("%(column)s: %(opened)d of %(there)d") % {"column": column, "opened": opened, "there": there}
        )
    for column in found["empty"]:
        _print(f"  {_('EMPTY HERE')}  {column}")


def _say_columns(columns: list[dict[str, Any]]) -> bool:
    table = ""
    held = True
    for column in columns:
        if column["table"] != table:
            table = column["table"]
            _print(f"\n{table}")
        if column["as_it_should"] and column["sealed"]:
            said = _("sealed")
        elif column["as_it_should"]:
            reason = column["reason"]
            said = f"{reason['why']} | {reason['precision']} | {reason['lifetime']}"
        elif column["sealed"]:
            said = _("CALLED SEALED, AND READS AS TEXT: %d values") % column["readable"]
        else:
            said = _("READABLE, AND NOT IN THE TABLE OF CLEAR COLUMNS")
        held &= column["as_it_should"]
        _print(f"  {column['name']:24} {column['values']:5d}  {said}")
    _print("")
    return held


def _print(line: str) -> None:
    print(line, flush=True)
