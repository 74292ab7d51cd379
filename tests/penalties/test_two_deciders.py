"""Two leaders press the button at the same moment. In a module of its own: it commits for real,
which no set-up shared by other tests may see."""

import threading

import pytest
from django.db import connection

from audit.trail import Decided
from notices.models import Notice
from penalties.cases import deciding
from penalties.models import Case, Decision
from tests.factories import penalties as made
from tests.factories.rectification import Desk, at
from tests.penalties import gate_scenarios as scenes
from tests.penalties.gate_scenarios import DAY, TYPED


@pytest.mark.django_db(transaction=True)
def test_of_two_deciders_at_once_one_wins() -> None:
    desk = Desk()
    case = scenes.to_punish(desk)
    ends: list[str] = []
    ready = threading.Barrier(2)

    def press(seen: Case) -> None:
        try:
            ready.wait(10)
            who = {"by": desk.supervisor, "at": at(DAY)}
            made_up = deciding.issue_decision(seen, made.party(seen), typed=TYPED, **who)
            ends.append(made_up.number)
        except Decided as told:
            ends.append(str(told))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(Case.objects.get(pk=case.pk),)) for _n in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Decision.objects.count() == Notice.objects.filter(kind="penalty_decision").count() == 1
    assert sorted("已于" in end for end in ends) == [False, True]
