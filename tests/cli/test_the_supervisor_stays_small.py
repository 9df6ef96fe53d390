"""`tropa run` imports the standard library alone: what it loads stays in memory for months."""

import subprocess
import sys

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
