"""Elements that are an article each, and the one that the page's title names."""

from proxy.compiler import tree
from proxy.compiler.body.mass import MIN_ARTICLE, Mass
from proxy.compiler.tree import Document, Element

# HTML's element, and the class of the hAtom microformat.
POSTS = "article, .hentry"


def is_other(post: Element) -> bool:
    """Whether a post is another article: it has a title of its own, or contains other posts."""
    return tree.first(post, "h1, article, :is(h2, h3):has(a[href])") is not None


def titled(posts: list[Element], document: Document, mass: Mass) -> Element | None:
    """The first post with the page's title and an article's text; None if it is a teaser."""
    below = (e for e in posts if mass.titled(e))
    post = next((e for e in below if mass.of(e) >= 2 * MIN_ARTICLE), None)
    teases = post is not None and _teases(post, tree.main_content(document))
    return None if teases else post


def _teases(post: Element, main: Element | None) -> bool:
    """Whether a post with the page's title is a teaser: the text is elsewhere, and in no post."""
    if main is None or tree.within(post, main):
        return False
    around = [main, *tree.ancestors(main)]
    return not tree.select(main, POSTS) and not any(tree.matches(e, POSTS) for e in around)
