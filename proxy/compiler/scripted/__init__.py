"""Does without scripts what a page leaves to its scripts.

placed   the article that WeChat keeps in a script (`wechat`), what React streams after the page's
         end (`streamed`), e-mail addresses (`mail`)
loaded   pictures (`unlazy`); a still for each video, audio and frame (`stills`), with its address
         on its own host (`embeds`)
removed  `forms`, which nobody could fill in; every `overlay`; places for `adverts`; what frameworks
         leave covered or `unfilled`
shown    what is hidden until a script runs (`reveal`), as the page's style `sheets` say, and
         `folds` that a tap would open
"""
