from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string

from look import context


class LookConfig(AppConfig):
    name = "look"

    def ready(self) -> None:
        for name in settings.LAYOUT_FACTS:
            context.register(import_string(name))
