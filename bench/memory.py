"""`python -m bench.memory check|import PATH HOME`: does one thing and prints the most memory that it held, in MB."""

import resource
import subprocess
import sys
from pathlib import Path

from bench.figures import Peak
from bench.packages import Packages

STATUS = Path("/proc/self/status")
MEGABYTE = 1024 * 1024


def measure_memory(packages: Packages, home: Path) -> list[Peak]:
    """The peaks of a check and of a first import, each in a process of its own."""
    return [
        Peak(packages.size, "check", _peak_of("check", packages.plain, home)),
        Peak(packages.size, "first import", _peak_of("import", packages.first, home)),
    ]


def _peak_of(what: str, path: Path, home: Path) -> float:
    command = [sys.executable, "-m", "bench.memory", what, str(path), str(home)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])


def _held() -> float:
    """Megabytes. On Linux getrusage begins with what the parent held, so the kernel is asked itself."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def main() -> None:
    """Do it, and print."""
    what, path, home = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if what == "check":
        from bench.reading import check_package  # noqa: PLC0415

        check_package(path, home / "report.csv")
    else:
        from bench.home import use_home  # noqa: PLC0415

        use_home(home)
        from bench.imports import import_package, new_district  # noqa: PLC0415

        import_package(*new_district(), path)
    print(_held())


if __name__ == "__main__":
    main()
