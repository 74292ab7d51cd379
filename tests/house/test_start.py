"""The project holds together at all."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_django_check_is_silent() -> None:
    call_command("check", fail_level="WARNING")
