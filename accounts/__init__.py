"""Who may: regions, the tree of units, staff, roles as data, access and sessions."""
