"""The only Redis commands of the article's side."""
