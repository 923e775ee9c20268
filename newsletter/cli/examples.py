"""An example of each command, as one would type it: for `--help`, the manual page and the docs.

They are of one publication: its issue is that of 27 November 2026, and a test runs what it can.
"""

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    "init": "newsletter init friday",
    "next": "newsletter next",
    "new": "newsletter new --date 2026-11-27",
    "import": "newsletter import draft.docx --date 2026-11-27",
    "studio": "newsletter studio 2026-11-27",
    "preview": "newsletter preview 2026-11-27",
    "render": "newsletter render 2026-11-27 --web",
    "templates": "newsletter templates list",
    "templates list": "newsletter templates list",
    "templates eject": "newsletter templates eject partials/story",
    "templates diff": "newsletter templates diff partials/story",
    "check": "newsletter check 2026-11-27 --fix",
    "rules": "newsletter rules title-count",
    "fmt": "newsletter fmt --diff",
    "show": "newsletter show 2026-11-27 --format json",
    "lsp": "newsletter lsp --stdio",
    "approve": 'newsletter approve 2026-11-27 --by "Grace Hopper"',
    "send": "newsletter send 2026-11-27 --dry-run",
    "status": "newsletter status 2026-11-27 --failed",
    "report": "newsletter report 2026-11-27 --format html --out report.html",
    "pause": "newsletter pause 2026-11-27",
    "resume": "newsletter resume 2026-11-27",
    "cancel": "newsletter cancel 2026-11-27",
    "resolve": "newsletter resolve 2026-11-27 --log /var/log/mail.log",
    "publish": "newsletter publish --to public",
    "schedule": 'newsletter schedule 2026-11-27 --at "2026-11-27 07:00"',
    "scheduled": "newsletter scheduled --all",
    "unschedule": 'newsletter unschedule 2026-11-27 --reason "not ready"',
    "due": "newsletter due --json",
    "subscribers": "newsletter subscribers count",
    "subscribers add": ('newsletter subscribers add ada@example.org --consent "asked at the fair"'),
    "subscribers list": "newsletter subscribers list --segment tag:london",
    "subscribers find": "newsletter subscribers find example.org",
    "subscribers show": "newsletter subscribers show ada@example.org",
    "subscribers remove": "newsletter subscribers remove ada@example.org",
    "subscribers unsubscribe": "newsletter subscribers unsubscribe ada@example.org",
    "subscribers resubscribe": (
        'newsletter subscribers resubscribe ada@example.org --reason "wrote again"'
    ),
    "subscribers suppress": (
        'newsletter subscribers suppress ada@example.org --reason "mailbox gone"'
    ),
    "subscribers unsuppress": (
        'newsletter subscribers unsuppress ada@example.org --reason "mailbox is back"'
    ),
    "subscribers forget": "newsletter subscribers forget ada@example.org",
    "subscribers import": 'newsletter subscribers import people.csv --consent "the old list"',
    "subscribers sync": "newsletter subscribers sync people.csv",
    "subscribers export": "newsletter subscribers export people.csv",
    "subscribers count": "newsletter subscribers count",
    "subscribers history": "newsletter subscribers history",
    "bounces": "newsletter bounces list",
    "bounces read": "newsletter bounces read /var/mail/bounces",
    "bounces list": "newsletter bounces list --kind hard --issue 2026-11-27",
    "bounces show": "newsletter bounces show 12",
    "bounces explain": "newsletter bounces explain returned.eml --format json",
    "run": "newsletter run --serve",
    "worker": "newsletter worker --concurrency 4",
    "serve": "newsletter serve --port 8080",
    "health": "newsletter health --oldest 60 --workers 2",
    "doctor": "newsletter doctor --online",
    "log": "newsletter log 2026-11-27",
    "backup": "newsletter backup ../friday.backup",
    "restore": "newsletter restore ../friday.backup",
    "dkim": "newsletter dkim new",
    "dkim new": "newsletter dkim new --selector november",
    "dkim show": "newsletter dkim show",
    "transports": "newsletter transports",
    "inbox": "newsletter inbox received --port 2525",
    "docs": "newsletter docs tutorial",
    "completion": "newsletter completion install",
    "completion install": "newsletter completion install --shell zsh",
    "completion show": "newsletter completion show --shell fish",
    "demo": "newsletter demo --serve",
}
"""Those of a group's commands stand under both names, as they are typed."""
