"""`python -m tropa.seizure`: examines one installation in a process of its own, because Django knows one database a
process. Reads what was planted from its input and writes what it found to its output, both as JSON: nothing of it
may lie on a disk.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import django

from tropa.seizure.archives import archives_opened
from tropa.seizure.columns import columns, reasons
from tropa.seizure.examination import Seized, fields_by_column, searched
from tropa.seizure.places import everything_written
from tropa.seizure.shapes import sought
from tropa.seizure.store import Store


def main() -> int:
    """Examine; 0 always, the caller judges."""
    told = json.load(sys.stdin)
    store = Store(Path(os.environ["TROPA_DATA"]), os.environ.get("TROPA_DATABASE_URL"))
    seized = Seized(store, tuple(Path(folder) for folder in told["beside"]))
    keys = {name: bytes.fromhex(key) for name, key in told["keys"].items()}
    looked = searched(seized, sought(told["words"], keys))
    django.setup()
    attempts = import_module("tropa.seizure.attempts")  # its models can be read only now
    blobs, keys_found = attempts.blobs, attempts.keys_found
    kept = list(columns(store, reasons(Path(told["table"])), fields_by_column()))
    found = keys_found(everything_written(store))
    tried = {blob.column for blob in blobs()}
    result = {
        "hits": [asdict(hit) for hit in looked.hits],
        "places": looked.places,
        "size": looked.size,
        "without_server": seized.without_server,
        "columns": [asdict(column) | {"as_it_should": column.as_it_should} for column in kept],
        "keys": len(found.secret) + len(found.public),
        "blobs": sum(1 for _blob in blobs()),
        "opened": sorted(attempts.opened_with(found)) + archives_opened(seized.beside, found.secret),
        "visits": attempts.visits_opened(),
        "untried": sorted(
            f"{column.table}.{column.name}"
            for column in kept
            if column.sealed
            and column.name not in attempts.BY_PASSPHRASE_OR_SERVICE
            and f"{column.table}.{column.name}" not in tried
        ),
    }
    json.dump(result, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
