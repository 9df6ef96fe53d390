"""What runs all the time stays small: `tropa run` loads the standard library alone, a site nothing rarely used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOW_FOREIGN_MODULES = """
import sys
from tropa.cli.main import parser_for
parser_for(["run"])
import tropa.cli.run
allowed = sys.stdlib_module_names | {"tropa", "__main__"}
print(sorted({name.partition(".")[0] for name in sys.modules} - allowed))
"""


def test_run_loads_nothing_but_the_standard_library() -> None:
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", SHOW_FOREIGN_MODULES], capture_output=True, text=True, check=True
    )
    # the editable install's own hook may stand among them; nothing else may
    assert [name for name in eval(loaded.stdout) if not name.startswith(("__editable__", "_distutils"))] == []  # noqa: S307


SHOW_WHAT_A_SITE_LOADS = """
import sys
from tropa.cli.serve import SITES, load_site
load_site(SITES[sys.argv[1]].target)
print(" ".join({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize("site", ["drop", "desk"])
def test_a_site_pays_for_no_arrays_and_no_passkeys_before_somebody_uses_them(
    site: str, tmp_path: Path
) -> None:
    told = {**os.environ, "TROPA_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": f"tropa.{site}.settings"}
    loaded = subprocess.run(
        [sys.executable, "-c", SHOW_WHAT_A_SITE_LOADS, site],
        capture_output=True,
        text=True,
        check=True,
        env=told,
    )
    names = set(loaded.stdout.split())
    assert "django" in names
    assert names.isdisjoint({"numpy", "numba", "scipy", "webauthn", "OpenSSL", "pytest"})
