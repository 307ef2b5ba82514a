"""Golden files: all values of a run, saved to be compared with those of later runs."""

from jitcore.diagnose.golden.golden_file import GoldenFile
from jitcore.diagnose.golden.golden_writer import KEPT_BYTES, GoldenWriter
from jitcore.diagnose.golden.recording import record_run
from jitcore.diagnose.golden.run_conditions import RunConditions

__all__ = ["KEPT_BYTES", "GoldenFile", "GoldenWriter", "RunConditions", "record_run"]
