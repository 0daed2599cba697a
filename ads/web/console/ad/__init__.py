"""An ad: the `editor` shows its `form` and keeps it, with `pictures` and `times`.

`stage` draws it as it is typed, `versions` tells what it was.
"""
