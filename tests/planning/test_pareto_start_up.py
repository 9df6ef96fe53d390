"""Starting the search: numba comes late, an unwritable cache is said aloud, a missing numba is borne."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import tropa.planning
from tropa.planning.pareto import Engine, warm_up

SOURCES = Path(tropa.planning.__file__).parents[2]
ASK = """
from tropa.planning.pareto import pareto_front, warm_up
engine = warm_up()
print(engine.value, pareto_front(3, [0, 1, 0], [1, 2, 2], [[1, 1], [1, 1], [3, 1]], 0, 2).tolist())
"""
PLAN_AND_COUNT = """
import sys
from numba.core.dispatcher import Dispatcher
from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, load_pack
from tropa.planning.answer import plans_for
from tropa.planning.person_file import read_person
from tropa.planning.warming import warm_up

warm_up()
atlas = load_pack(SHIPPED_PACK)
text = "format: tropa-person 1\\nplace: moscow\\nprofile: summoned\\npapers: [internal]\\nmoney: 6000"
person = read_person(text, atlas, EXAMPLE_DAY)
plans_for(atlas, person, EXAMPLE_DAY)
kernels = {
    kernel
    for name, module in list(sys.modules.items()) if name.startswith("tropa.planning")
    for kernel in vars(module).values() if isinstance(kernel, Dispatcher)
}
print(sum(sum(kernel.stats.cache_misses.values()) for kernel in kernels), len(kernels))
"""
ANSWER = "[[2, 2], [3, 1]]"


def run(code: str, user: int | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, "PYTHONPATH": str(SOURCES), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        user=user,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=900,  # compiling every kernel takes 40 s of CPU; a crowded machine needs far longer
    )


def test_warming_up_runs_every_kernel_and_says_which_engine_runs():
    assert warm_up() is Engine.KERNEL


def test_after_warming_up_nothing_is_left_to_compile():
    """Asked of a fresh process that has planned: every kernel of the package came out of the cache."""
    assert run("from tropa.planning.warming import warm_up; print(warm_up())").stdout == "kernel\n"
    done = run(PLAN_AND_COUNT)
    compiled, kernels = done.stdout.split()
    assert compiled == "0", done.stderr
    assert int(kernels) >= 10


def test_importing_the_package_and_the_search_loads_no_numba():
    code = "import sys, tropa.planning, tropa.planning.pareto; print('numba' in sys.modules)"
    assert run(code).stdout == "False\n"


def test_importing_the_package_alone_loads_no_numpy():
    assert run("import sys, tropa.planning; print('numpy' in sys.modules)").stdout == "False\n"


def test_without_numba_the_twin_answers_and_the_log_says_so():
    done = run("import sys, logging; logging.basicConfig(); sys.modules['numba'] = None\n" + ASK)
    assert done.stdout == f"twin {ANSWER}\n", done.stderr
    assert "plain Python" in done.stderr


def test_a_cache_directory_that_cannot_be_made_is_warned_of_and_the_answer_still_comes(tmp_path):
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("not a directory")
    done = run(ASK, NUMBA_CACHE_DIR=str(in_the_way / "kernels"), NUMBA_OPT="0")
    assert done.stdout == f"kernel {ANSWER}\n", done.stderr
    assert "KernelCacheUnusable" in done.stderr


@pytest.fixture
def open_folder():
    """A folder that every user of the machine may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_read_only_cache_filled_at_install_is_used_without_compiling(open_folder):
    cache = open_folder / "kernels"
    assert run(ASK, NUMBA_CACHE_DIR=str(cache), NUMBA_OPT="0").returncode == 0
    assert list(cache.rglob("*.nbi"))
    for folder in [cache, *(path for path in cache.rglob("*") if path.is_dir())]:
        folder.chmod(0o555)
    code = ASK + (
        "from tropa.planning import _kernel_bounds as b, _kernel_search as s\n"
        "for kernel in (b.first_arcs, b.arcs_by_node, b.least_costs, b.useful_arcs, s.advance,"
        " s.mark_undominated):\n"
        "    assert not kernel.stats.cache_misses, kernel.stats\n"
    )
    nobody = 65534 if os.geteuid() == 0 else None  # root may write anywhere
    if nobody and run("import tropa.planning.pareto", user=nobody).returncode:
        pytest.skip("running as root, and the checkout is closed to the user 'nobody' this test runs as")
    done = run(code, user=nobody, NUMBA_CACHE_DIR=str(cache), NUMBA_OPT="0")
    for folder in [cache, *(path for path in cache.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
    assert done.stdout == f"kernel {ANSWER}\n", done.stderr
    assert "KernelCacheUnusable" not in done.stderr
