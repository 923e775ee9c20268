"""The section [approval] of newsletter.toml: how many must say yes, and who may not."""

from newsletter.schedule import ApprovalRule
from newsletter.settings.table import Table

_MOST = 20


def approval(table: Table) -> ApprovalRule:
    default = ApprovalRule()
    found = ApprovalRule(
        required=table.number("required", default.required, least=0, most=_MOST),
        send_too=_flag(table, "send_too", default=default.send_too),
        author_may_approve=_flag(table, "author_may_approve", default=default.author_may_approve),
    )
    table.no_other()
    return found


def _flag(table: Table, key: str, *, default: bool) -> bool:
    found = table.parsed(key, _true_or_false, "true or false, without quotes")
    return default if found is None else found


def _true_or_false(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value
