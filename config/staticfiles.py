"""Static files that come inside Python packages, published one by one."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# Where a file is served, and the package and file inside it. plotly.min.js comes from the very package that builds
# the figures, so both sides are always one version; the rest of its folder (data sets, widgets) stays private.
PACKAGE_FILES = {
    "vendor/plotly/plotly.min.js": ("plotly", "package_data/plotly.min.js"),
}


def package_file(package: str, inside: str) -> Path | None:
    """The file inside an installed package, without importing it; None when either is missing."""
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        path = Path(folder) / inside
        if path.is_file():
            return path
    return None


class PackageFileFinder(BaseFinder):
    """Finds the files of PACKAGE_FILES and no others."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to configure; config.checks reports a missing file."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file to serve at the path, or an empty list, as Django's finders answer."""
        source = PACKAGE_FILES.get(path)
        found = package_file(*source) if source is not None else None
        if found is None:
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Each file's name, with a storage that knows under which prefix it is served."""
        for path, source in PACKAGE_FILES.items():
            found = package_file(*source)
            if found is not None:
                prefix, _, name = path.rpartition("/")
                storage = FileSystemStorage(location=found.parent)
                storage.prefix = prefix  # type: ignore[attr-defined]
                yield name, storage
