"""12 Feb 2025, as look.dates writes it."""

DATE_FORMAT = "j M Y"
MONTH_DAY_FORMAT = "j M"
YEAR_MONTH_FORMAT = "M Y"
DATETIME_FORMAT = "j M Y H:i"
