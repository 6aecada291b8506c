"""The whole product on one machine: a local AWS, a real `sam deploy`, and a story told with it.

`python -m demo` tells the story and ends; `python -m demo.dev` goes on, for you to edit rows.
"""
