"""A plan for programs: a comment of a pull request, code scanning, a test report, JSON."""
