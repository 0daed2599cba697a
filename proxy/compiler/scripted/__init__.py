"""What a page leaves to its scripts, done without them.

Put in its place: what WeChat keeps in a script (`wechat`), what React streams behind the page's end
(`streamed`). Loaded: pictures (`unlazy`), and a still for each film, sound and frame (`stills`).
Closed: `forms`, which nobody could fill in, every `overlay`, places for `adverts`, and what
frameworks leave covered or `unfilled`. Shown: what is hidden until a script runs (`reveal`), as the
page's `sheets` tell, and `folds` that a tap would open.
"""
