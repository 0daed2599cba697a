"""Passkeys (WebAuthn level 2): what a browser is asked, and whether its answer is right. Pure.

The checks are Duo's `webauthn`, loaded when they are first needed: it would be a fifth of a start.
What is kept of a passkey is its public half.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from ads.accounts import Account, Listed
from ads.errors import Problem

CREDENTIAL_MAX = 16_384  # characters of a browser's answer


class Passkey(Listed, frozen=True, kw_only=True):
    """A passkey of an account; its `id` is the credential's, base64url."""

    account: str
    label: str
    public_key: bytes
    sign_count: int
    used_at: int = 0


class Asked(NamedTuple):
    """What a browser is asked: options as JSON, and the challenge that its answer must hold."""

    options: str
    challenge: bytes


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def ask_to_make(origin: str, account: Account, known: list[Passkey]) -> Asked:
    """For a new passkey that is found without an e-mail; a device that has one makes no second."""
    import webauthn
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = webauthn.generate_registration_options(
        rp_id=_host(origin),
        rp_name="Passalong",
        user_id=account.id.encode(),
        user_name=account.email,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.id)) for key in known
        ],
    )
    return Asked(webauthn.options_to_json(options), options.challenge)


def made(
    origin: str, account: Account, challenge: bytes, credential: str, label: str, at: int
) -> Passkey:
    """The passkey in a browser's answer. Raises Problem("invalid")."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(origin),
            expected_origin=origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Problem("invalid", "This passkey cannot be used.") from error
    return Passkey(
        id=bytes_to_base64url(found.credential_id),
        created_at=at,
        account=account.id,
        label=label,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
    )


def ask_to_enter(origin: str) -> Asked:
    """For any passkey of ours that the browser has."""
    import webauthn

    options = webauthn.generate_authentication_options(rp_id=_host(origin))
    return Asked(webauthn.options_to_json(options), options.challenge)


def credential_id(credential: str) -> str:
    """Which passkey an answer claims to be of, "" for none."""
    try:
        found = msgspec.json.decode(credential)
    except (msgspec.DecodeError, RecursionError):
        return ""
    identity = found.get("id") if isinstance(found, dict) else None
    return identity if isinstance(identity, str) else ""


def entered(origin: str, key: Passkey, challenge: bytes, credential: str, at: int) -> Passkey:
    """The passkey as it is after this use. Raises Problem("forbidden") for a wrong answer."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(origin),
            expected_origin=origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Problem("forbidden", "This passkey is not right.") from error
    return msgspec.structs.replace(key, sign_count=found.new_sign_count, used_at=at)
