"""Every key and lifetime of the ad's side in the store; units stand in the names."""

CHANGES_CHANNEL = "passalong:changes"

# --- accounts, keys, sessions ---------------------------------------------------------------

# --- ads, pictures, bookings ------------------------------------------------------------------

# --- readers' salts -------------------------------------------------------------------------------

# --- counts: every key of a share carries its hash tag {share} ---------------------------------
