"""What `./run` does, with nothing but the standard library until the environment stands.

`packages` installs, `postgres` owns the private cluster, `prepare` migrates and loads (inside
Django), `supervisor` keeps the processes alive, `checks` and `tests` are the developer's doors.
`places` and `environment` say where things lie and what the children are told.
"""
