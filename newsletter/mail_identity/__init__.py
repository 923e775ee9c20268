"""The door of the mail identity room: what the DNS says about who may send for a domain.

SPF, DKIM, DMARC and what goes with them: records read, and worked out as receivers do.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later

if TYPE_CHECKING:
    from newsletter.mail_identity.dkim_record import KeyFault, key_faults, looks_like_key
    from newsletter.mail_identity.dmarc import (
        DmarcRecord,
        Policy,
        Walk,
        is_aligned,
        is_dmarc,
        meant_as_dmarc,
        walk_up,
    )
    from newsletter.mail_identity.extras import (
        bimi_fault,
        parse_sts_policy,
        sts_fault,
        tls_rpt_fault,
    )
    from newsletter.mail_identity.free_mail import FREE_MAIL
    from newsletter.mail_identity.spf import (
        MAX_LOOKUPS,
        MAX_VOID,
        SpfResult,
        SpfVerdict,
        check_host,
        walk_whole,
    )
    from newsletter.mail_identity.spf_record import SpfRecord, is_spf, meant_as_spf, parse_spf
    from newsletter.mail_identity.wanted import Wanted

__all__ = [
    "FREE_MAIL",
    "MAX_LOOKUPS",
    "MAX_VOID",
    "DmarcRecord",
    "KeyFault",
    "Policy",
    "SpfRecord",
    "SpfResult",
    "SpfVerdict",
    "Walk",
    "Wanted",
    "bimi_fault",
    "check_host",
    "is_aligned",
    "is_dmarc",
    "is_spf",
    "key_faults",
    "looks_like_key",
    "meant_as_dmarc",
    "meant_as_spf",
    "parse_spf",
    "parse_sts_policy",
    "sts_fault",
    "tls_rpt_fault",
    "walk_up",
    "walk_whole",
]

_PLACES = {
    "dkim_record": ("KeyFault", "key_faults", "looks_like_key"),
    "dmarc": (
        *("DmarcRecord", "Policy", "Walk", "is_aligned", "is_dmarc", "meant_as_dmarc", "walk_up"),
    ),
    "extras": ("bimi_fault", "parse_sts_policy", "sts_fault", "tls_rpt_fault"),
    "free_mail": ("FREE_MAIL",),
    "spf": ("MAX_LOOKUPS", "MAX_VOID", "SpfResult", "SpfVerdict", "check_host", "walk_whole"),
    "spf_record": ("SpfRecord", "is_spf", "meant_as_spf", "parse_spf"),
    "wanted": ("Wanted",),
}

__getattr__ = later(__name__, {name: module for module, names in _PLACES.items() for name in names})
