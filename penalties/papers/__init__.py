"""What the papers of a case say, from the facts in its file. Chinese only: they are printed."""
