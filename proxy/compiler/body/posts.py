"""Elements that are an article each, and which of a page's is the one that its title names."""

from proxy.compiler import tree
from proxy.compiler.body.mass import MIN_ARTICLE, Mass
from proxy.compiler.tree import Document, Element

# HTML's own, and those of the hAtom microformat.
POSTS = "article, .hentry"


def is_other(post: Element) -> bool:
    """Whether a post is none of the page's text: it has a title of its own, or others in it."""
    return tree.first(post, "h1, article, :is(h2, h3):has(a[href])") is not None


def titled(posts: list[Element], document: Document, mass: Mass) -> Element | None:
    """The first of posts that has an article's text under the page's title, if that is no card."""
    below = (e for e in posts if mass.titled(e))
    post = next((e for e in below if mass.of(e) >= 2 * MIN_ARTICLE), None)
    teases = post is not None and _teases(post, tree.main_content(document))
    return None if teases else post


def _teases(post: Element, main: Element | None) -> bool:
    """Whether a post under the page's title is a card: the text is elsewhere, and in no post."""
    if main is None or tree.within(post, main):
        return False
    around = [main, *tree.ancestors(main)]
    return not tree.select(main, POSTS) and not any(tree.matches(e, POSTS) for e in around)
