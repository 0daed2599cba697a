"""From a compiled article to the response with a share's page: in memory, a file or the store.

`display` is the interface. `cache` finds pages in memory; `quick` joins one from what is in the
store; `build` handles all other cases. Both use `records` and a `variant`: everything that similar
shares have in common. `articles` caches articles in memory and in a file (`ring`). `shown` is a
share's page with its encodings; `heads` and `answers` turn it into a whole response.
"""
