"""The door of the subscribers room: who is on the list, files of them, and tokens for them."""

from newsletter.subscribers.cells import MAX_FIRST_NAME
from newsletter.subscribers.columns import EVERYTHING, Choice, Columns, has_address
from newsletter.subscribers.discretion import MAX_REASON, without_addresses
from newsletter.subscribers.export_file import (
    Exported,
    csv_lines,
    list_json,
    people_csv,
    suppressions_csv,
)
from newsletter.subscribers.import_plan import (
    FIRST_FEW,
    Arrived,
    Difference,
    Duplicate,
    ImportPlan,
    Newcomer,
    Verdict,
    consent_in_words,
)
from newsletter.subscribers.keyed import secret_of
from newsletter.subscribers.list_file import ListFile, open_list
from newsletter.subscribers.model import (
    AudienceCounts,
    AudienceMember,
    Consent,
    Subscriber,
    SubscriberState,
)
from newsletter.subscribers.person import (
    ARRIVALS,
    DEPARTURES,
    MOVES,
    PersonEvent,
    PersonEventKind,
    PersonFile,
    Receipt,
    Week,
)
from newsletter.subscribers.provenance import UNTOLD, Provenance
from newsletter.subscribers.return_tokens import (
    RETURN_TOKEN,
    DeliveryClaim,
    make_return_token,
    read_return_token,
)
from newsletter.subscribers.row import Row
from newsletter.subscribers.said import MAX_TAG, checked_line, checked_tag
from newsletter.subscribers.segment import (
    AllOf,
    AnyOf,
    Condition,
    HasTag,
    HasValue,
    JoinedFrom,
    JoinedOn,
    Not,
    Segment,
    folded,
)
from newsletter.subscribers.segment_parser import parse_segment
from newsletter.subscribers.standing import WEIGHT, Standing
from newsletter.subscribers.subscriber_file import (
    SubscriberFile,
    open_subscribers,
    parse_subscribers,
)
from newsletter.subscribers.suppression import (
    Suppression,
    SuppressionKind,
    hashed,
    is_hash,
    parse_hash,
)
from newsletter.subscribers.suppression_file import SuppressionFile, open_suppressions
from newsletter.subscribers.table import RowFault
from newsletter.subscribers.tokens import make_token, message_id_mac, read_token

__all__ = [
    "ARRIVALS",
    "DEPARTURES",
    "EVERYTHING",
    "FIRST_FEW",
    "MAX_FIRST_NAME",
    "MAX_REASON",
    "MAX_TAG",
    "MOVES",
    "RETURN_TOKEN",
    "UNTOLD",
    "WEIGHT",
    "AllOf",
    "AnyOf",
    "Arrived",
    "AudienceCounts",
    "AudienceMember",
    "Choice",
    "Columns",
    "Condition",
    "Consent",
    "DeliveryClaim",
    "Difference",
    "Duplicate",
    "Exported",
    "HasTag",
    "HasValue",
    "ImportPlan",
    "JoinedFrom",
    "JoinedOn",
    "ListFile",
    "Newcomer",
    "Not",
    "PersonEvent",
    "PersonEventKind",
    "PersonFile",
    "Provenance",
    "Receipt",
    "Row",
    "RowFault",
    "Segment",
    "Standing",
    "Subscriber",
    "SubscriberFile",
    "SubscriberState",
    "Suppression",
    "SuppressionFile",
    "SuppressionKind",
    "Verdict",
    "Week",
    "checked_line",
    "checked_tag",
    "consent_in_words",
    "csv_lines",
    "folded",
    "has_address",
    "hashed",
    "is_hash",
    "list_json",
    "make_return_token",
    "make_token",
    "message_id_mac",
    "open_list",
    "open_subscribers",
    "open_suppressions",
    "parse_hash",
    "parse_segment",
    "parse_subscribers",
    "people_csv",
    "read_return_token",
    "read_token",
    "secret_of",
    "suppressions_csv",
    "without_addresses",
]
