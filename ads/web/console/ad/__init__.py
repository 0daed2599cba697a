"""An ad's screens: the `editor` shows its `form` and saves it, with `pictures` and `times`.

`stage` draws the ad as it is typed; `versions` lists what it was before.
"""
