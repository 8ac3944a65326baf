#!/usr/bin/env python3
"""Run an administrative command of the Atlas."""

import os
import sys


def main() -> None:
    """Hand the command line to Django, with the Atlas settings unless others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
