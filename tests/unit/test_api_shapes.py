"""The parts of AWS's APIs that task types name are those of the pinned botocore."""

from docs.api_shapes import FILE, api_shapes, as_text


def test_the_file_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == as_text(api_shapes()), "run `make docs`"
