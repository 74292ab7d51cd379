"""Doors of penalty cases, one module for each noun of the procedure."""
