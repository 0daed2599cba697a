"""Problems keep their content when they are passed between processes."""

import pickle

import pytest

from ads.errors import Problem, invalid
from proxy.errors import SourceProblem


@pytest.mark.parametrize(
    "problem",
    [
        SourceProblem("login_required", "The page asks for a password."),
        Problem("rate_limited", "Later.", retry_after=7),
        invalid("ad", "unknown", "No ad of yours."),
    ],
)
def test_a_problem_comes_out_of_another_process_as_it_went_in(problem: Problem) -> None:
    told = pickle.loads(pickle.dumps(problem))
    assert type(told) is type(problem)
    assert vars(told) == vars(problem)
    assert str(told) == str(problem)
