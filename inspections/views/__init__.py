"""Doors of fieldwork, split by noun: visits, findings, evidence."""
