"""`python -m demo`: the story, from an empty AWS to edits, mistakes and their repair."""

from demo.story import main

if __name__ == "__main__":
    raise SystemExit(main())
