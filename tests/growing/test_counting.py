"""The unchanged tests of counting, folding and announcing changes, on a cluster.

Except those that set the store back while a connection stays: a cluster's server that has lost data
comes back as another one (`test_failover`).
"""

from tests.ads.fold.test_fold import (  # noqa: F401
    folding,
    make,
    spool,
    test_a_finished_segment_goes_with_its_marks,
    test_a_segment_stays_while_the_store_may_still_lose_it,
    test_another_process_that_reads_the_segment_again_counts_nothing_twice,
    test_folding_goes_on_as_events_come,
    test_marks_that_the_store_did_not_erase_go_at_the_next_look,
    test_what_is_appended_is_folded_and_named_under_its_ad,
)
from tests.ads.store.counts.conftest import agrees, clock, counts  # noqa: F401
from tests.ads.store.counts.test_forget import *  # noqa: F403
from tests.ads.store.counts.test_rivals import test_in_every_order  # noqa: F401
from tests.ads.store.counts.test_rollups import *  # noqa: F403
from tests.ads.store.test_bookings import *  # noqa: F403
from tests.ads.store.test_changes import (  # noqa: F401
    test_every_listener_hears_every_key_after_it_was_told_to_drop_all,
)
