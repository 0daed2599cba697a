"""A share as a picture to post or print: title, picture, whose ad it carries, and its QR code.

`fonts` finds a font of the machine that can write the words, `lines` breaks them; `drawing` draws
the poster and `cover` the picture of a link card whose article has none (pure); `posters` does so
in threads of their own.
"""
