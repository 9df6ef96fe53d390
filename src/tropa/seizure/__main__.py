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
from tropa.seizure.columns import columns, empty, reasons, untried
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
    service = import_module("tropa.seizure.service_key")
    blobs, keys_found = attempts.blobs, attempts.keys_found
    fields = fields_by_column()
    kept = list(columns(store, reasons(Path(told["table"])), fields))
    found = keys_found(everything_written(store))
    tried = {blob.column for blob in (*blobs(), *service.service_blobs())}
    held = service.under_service_key(_service_key(), found.secret | found.public)
    result = {
        "hits": [asdict(hit) for hit in looked.hits],
        "places": looked.places,
        "size": looked.size,
        "without_server": seized.without_server,
        "columns": [asdict(column) | {"as_it_should": column.as_it_should} for column in kept],
        "keys": len(found.secret) + len(found.public),
        "blobs": sum(1 for _blob in blobs()),
        "opened": [
            *sorted(attempts.opened_with(found)),
            *held.otherwise,
            *archives_opened(seized.beside, found.secret),
        ],
        "service": {column: [held.opened.get(column, 0), there] for column, there in held.values.items()},
        "visits": attempts.visits_opened(),
        "untried": untried(kept, tried, attempts.BY_PASSPHRASE),
        "empty": empty(kept, fields, attempts.BY_PASSPHRASE),
    }
    json.dump(result, sys.stdout)
    return 0


def _service_key() -> bytes | None:
    """The desk's service key, where it lies on what was seized."""
    from tropa.desk.conf import conf  # noqa: PLC0415  # settings can be read only now

    return conf.service_key.read_bytes() if conf.service_key.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
