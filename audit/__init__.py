"""Who did what when: the append-only record and its chain, and the only writer of states."""
