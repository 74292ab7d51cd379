"""Secrets at rest: sealed fields, blind indexes, encrypted files, checked uploads, masks."""
