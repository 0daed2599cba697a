"""How a share spread: `screens` show it as a `tree`.

A large share is shown as a `drawing` of its branches, with `arrivals` over time.
"""
