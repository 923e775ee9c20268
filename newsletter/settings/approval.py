"""The section [approval] of newsletter.toml: how many must say yes, and who may not."""

from newsletter.schedule import ApprovalRule
from newsletter.settings.table import Table

_MOST = 20


def approval(table: Table) -> ApprovalRule:
    default = ApprovalRule()
    found = ApprovalRule(
        required=table.number("required", default.required, least=0, most=_MOST),
        send_too=table.flag("send_too", default=default.send_too),
        corrections_too=table.flag("corrections_too", default=default.corrections_too),
        author_may_approve=table.flag("author_may_approve", default=default.author_may_approve),
    )
    table.no_other()
    return found
