"""A share as a picture to post or print: title, picture, whose ad it carries, and its QR code.

`fonts` finds a font of the machine that can write the words; `drawing` draws (pure); `posters`
fetches the picture and puts both together.
"""

from proxy.poster.posters import Posters

__all__ = ("Posters",)
