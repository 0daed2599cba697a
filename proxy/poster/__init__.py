"""A share as a picture to post or print: title, picture, whose ad it carries, and its QR code.

`drawing` draws the poster, and `cover` the picture of a link card whose article has none (pure);
`posters` runs these in threads. `fonts` finds a system font that has the letters; `lines` breaks a
text into lines.
"""
