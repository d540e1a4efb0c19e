"""What the program costs, beside its lower bounds and beside other tools: `python -m tests.benchmarks`."""

import sys
from pathlib import Path

# The folder that pytest puts there (`pythonpath`): the hostile web is shared with the tests.
sys.path.insert(0, str(Path(__file__).parents[1]))
