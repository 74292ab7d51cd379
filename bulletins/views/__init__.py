"""Pages of bulletins, and of the publication of decisions."""
