"""The look: layout, components, template tags and the page that shows them all.

Imports nothing of ours and is imported by nobody, except that an app may hand the layout a fact
(what kind of day it is, how much work waits) through `look.context.register` at start-up.
"""
