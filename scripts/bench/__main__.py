"""`make bench`: queries, CPU and bytes of the pages that people open all day, with many cases.

    make bench                      with 2,000 and 200,000 cases
    make bench CASES="2000 20000"   with as many as you say

Works on a database of its own on the server that Accord uses, and drops it at the end. The figures
go to var/bench.json as well, with a description of the machine. No test reads them: machines are
noisy, so compare counts and ratios, not milliseconds of two machines.
"""

import importlib
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")
    django.setup()
    # Only now: it imports models.
    importlib.import_module("scripts.bench.measuring").main(
        [int(size) for size in sys.argv[1:]] or [2_000, 200_000]
    )
