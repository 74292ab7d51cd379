"""The look: layout, components, template tags and the page that shows them all.

Imports nothing of ours and is imported by nobody. What the layout must know (what kind of day it
is, how much work waits) comes from functions that the settings name in `LAYOUT_FACTS`.
"""
