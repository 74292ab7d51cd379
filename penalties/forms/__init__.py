"""Forms of penalty cases. They read what was typed; the verbs in `penalties.cases` decide."""
