"""The whole suite is shared among the cores; what a person asks for by name is not."""

import pytest

from launch.checks import spread
from tests.parallel import runs


@pytest.mark.parametrize("arguments", [[], ["-q"], ["-vv", "-x", "-ra"], ["--durations=60"]])
def test_the_whole_suite_is_shared(arguments: list[str]) -> None:
    assert spread(arguments, 2) == ["-n", "2"]
    assert spread(arguments, 64) == ["-n", "8"]
    assert spread(arguments, 1) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["tests/jobs"],
        ["-k", "due"],
        ["-m", "worker"],
        ["--pdb"],
        ["-s"],
        ["-n", "4"],
        ["-p", "no:xdist"],
        ["--lf"],
    ],
)
def test_a_part_runs_in_one_process_unless_it_is_told(arguments: list[str]) -> None:
    assert spread(arguments, 2) == []


def test_a_file_and_the_folder_of_a_world_stay_together() -> None:
    order = [
        "tests/house/test_words.py::test_one",
        "tests/house/test_fuzz.py::test_two[a::b]",
        "tests/jobs/test_work.py::test_three",
        "tests/look/test_dates.py::test_four",
        "tests/jobs/test_work.py::test_five",
    ]
    assert list(runs(order).values()) == [
        "1 tests/house",
        "1 tests/house",
        "2 tests/jobs/test_work.py",
        "3 tests/look/test_dates.py",
        "4 tests/jobs/test_work.py",
    ]
