"""`make bench`: queries, CPU and bytes of the pages that people open all day, with many cases.

    make bench                      with 2,000 and 200,000 cases
    make bench CASES="2000 20000"   with as many as you say
    make bench GRANTS=1000000       each once more with a million grants that mean nothing

Works on a database of its own on the server that Accord uses, and drops it at the end. The figures
go to var/bench.json as well, with a description of the machine. No test reads them: machines are
noisy, so compare counts and ratios, not milliseconds of two machines.
"""

import argparse
import importlib
import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")
    django.setup()
    # Only now: it imports models.
    parser = argparse.ArgumentParser(prog="scripts.bench")
    parser.add_argument("cases", nargs="*", type=int, default=[2_000, 200_000])
    parser.add_argument("--grants", type=int, default=0)
    given = parser.parse_args()
    importlib.import_module("scripts.bench.measuring").main(given.cases, given.grants)
