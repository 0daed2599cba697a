"""How a share spread: `screens` show it as a `tree`.

A large one is a `drawing` of its branches, with `arrivals` over time.
"""
