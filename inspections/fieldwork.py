"""An inspection's life, in the order in which it happens."""
