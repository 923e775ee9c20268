"""Remedies in the words of the command line: which command, with which options, mends an error."""

from collections.abc import Mapping
from shlex import quote

from newsletter.errors import Act, NewsletterError, Remedy

_COMMANDS: Mapping[Act, str] = {
    Act.ACCEPT_RESTORED: "newsletter due --accept-restored --reason TEXT",
    Act.ADD_SUBSCRIBER: "newsletter subscribers add {subject}",
    Act.APPROVE: "newsletter approve {subject} --by NAME",
    Act.BACK_UP: "newsletter backup FILE",
    Act.CANCEL: "newsletter cancel {subject}",
    Act.CHECK: "newsletter check {subject}",
    Act.COMPARE_TEMPLATES: "newsletter templates diff",
    Act.CORRECT: "newsletter send {subject} --correction",
    Act.FIND_SUBSCRIBERS: "newsletter subscribers find TEXT",
    Act.FORGET_SUBSCRIBER: "newsletter subscribers forget {subject}",
    Act.IMPORT_SUBSCRIBERS: "newsletter subscribers import FILE.csv",
    Act.KEEP_SCHEDULE: "newsletter run",
    Act.LAY_OUT: "newsletter init FOLDER",
    Act.LIST_RULES: "newsletter rules",
    Act.LIST_TEMPLATES: "newsletter templates list",
    Act.MAKE_DKIM_KEY: "newsletter dkim new",
    Act.NAME_MOMENT: 'newsletter schedule {subject} --at "YYYY-MM-DD HH:MM"',
    Act.NEW_ISSUE: "newsletter new",
    Act.PAUSE: "newsletter pause {subject}",
    Act.PROVE_BY_LOG: "newsletter resolve {subject} --log FILE",
    Act.READ_REPORT: "newsletter report {subject}",
    Act.RESTORE: "newsletter restore FILE",
    Act.RESUBSCRIBE: "newsletter subscribers resubscribe {subject} --reason TEXT",
    Act.RESUME: "newsletter resume {subject}",
    Act.SCHEDULE: "newsletter schedule {subject}",
    Act.SEE_FAILED: "newsletter status {subject} --failed",
    Act.SEE_LOG: "newsletter log",
    Act.SEE_REPORT: "newsletter report {subject} --format json",
    Act.SEE_SLOTS: "newsletter scheduled",
    Act.SEE_STATUS: "newsletter status {subject}",
    Act.SEND: "newsletter send {subject}",
    Act.SEND_DUE: "newsletter due",
    Act.SERVE_SITE: "newsletter serve",
    Act.UNSCHEDULE: "newsletter unschedule {subject}",
    Act.UNSUPPRESS: "newsletter subscribers unsuppress {subject} --reason TEXT",
}


def command_for(remedy: Remedy) -> str:
    """`newsletter approve issues/2021-11-26.md --by NAME`, as a shell takes it."""
    if remedy.act is Act.ADD_EXTRA:  # what mends it is no command of ours
        from newsletter.cli.extras import command_adding

        return command_adding(remedy.subject)
    subject = quote(remedy.subject) if remedy.subject else ""
    return " ".join(_COMMANDS[remedy.act].format(subject=subject).split())


def line_of(error: NewsletterError) -> str:
    """The error on one line; where a command mends it, that command is the next step."""
    return error.told(command_for)


def rate_words(rate: float) -> str:
    """`12 a second`, `30 a minute`: no fractions of a message.

    >>> rate_words(0.5)
    '30 a minute'
    """
    return f"{rate:,.0f} a second" if rate >= 10 else f"{rate * 60:,.0f} a minute"
