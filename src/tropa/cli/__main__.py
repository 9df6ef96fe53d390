"""`python -m tropa.cli` is the `tropa` command."""

import sys

from tropa.cli.main import main

sys.exit(main())
