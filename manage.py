#!/usr/bin/env python
"""Run Django's commands with the development settings, unless told otherwise."""

import os
import sys


def main() -> None:
    """Run the command named on the command line; a wrong setting is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Accord cannot start: {error}")


if __name__ == "__main__":
    main()
