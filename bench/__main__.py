"""`python -m bench`: everything, side by side, in one run."""

from bench.command_line import main

if __name__ == "__main__":
    raise SystemExit(main())
