"""A ZIP archive that depends on its content alone: the same files, the same bytes."""

import io
import zipfile
from collections.abc import Mapping

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The archive of `files`, content by name.

    Stored, not deflated: what deflating gives differs between versions of zlib.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system = 3  # Unix, whatever builds: so that the permissions count
            entry.external_attr = _READABLE
            archive.writestr(entry, files[name])
    return buffer.getvalue()
