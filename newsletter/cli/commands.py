"""The commands, in the groups of the help: a line for each, so that `--help` loads none of them."""

from collections.abc import Mapping

PROGRAM = "newsletter"
COMPLETING = "_NEWSLETTER_COMPLETE"
"""The variable by which a shell asks the program what may come next; its name is Typer's rule."""

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Write": {
        "init": "Lay out a new publication.",
        "next": "Say what should be done now, the most urgent first.",
        "new": "Lay out the next issue, with blanks to fill.",
        "import": "Turn a paste, a page or a .docx into an issue.",
        "studio": "Write, see, check and approve issues in your browser.",
        "preview": "See an issue as you write it in your own editor.",
        "render": "Write an issue's .html, .txt and .eml.",
        "templates": "Templates: list them, copy one, compare yours with ours.",
    },
    "Check": {
        "check": "Hold issues to the house format.",
        "rules": "List the rules of the check, or explain one of them.",
        "fmt": "Write issues in the canonical form.",
        "show": "Print an issue as it was understood.",
        "lsp": "Serve an editor: the check as you type.",
    },
    "Send": {
        "approve": "Approve an issue as it is.",
        "send": "Deliver an issue, once, to everyone on the list.",
        "status": "Say who has an issue and who does not.",
        "report": "Report on the sending of an issue.",
        "pause": "Stop sending an issue until it is resumed.",
        "resume": "Lift a pause, so that sending may continue.",
        "cancel": "End the sending of an issue for good.",
        "resolve": "Settle deliveries in doubt: sent, and no reply came.",
        "publish": "Put issues into the archive, or write it as files.",
    },
    "Schedule": {
        "schedule": "Put an issue in the next free slot.",
        "scheduled": "List the slots.",
        "unschedule": "Take an issue out of its slot.",
        "due": "Send what is due, once.",
    },
    "People": {
        "subscribers": "The list: who is on it, who came and who left.",
        "bounces": "What comes back: bounces, complaints, unsubscribes by mail.",
    },
    "Run": {
        "run": "Keep the schedule until told to stop.",
        "worker": "Send runs together with other machines, until told to stop.",
        "serve": "Serve the public site: archive, sign-up, the way out.",
        "health": "Say whether the publication is well, for monitoring.",
        "doctor": "Say what is wrong with the publication, on one page.",
        "log": "Print the log: approvals, overrides, schedules, sends, alerts.",
        "backup": "Write the whole publication into one file, also while it sends.",
        "restore": "Bring a backup back, and hold whatever may have gone out since.",
        "dkim": "DKIM: make a key, print its DNS record.",
        "transports": "List what can carry messages: schemes and presets.",
        "inbox": "Receive messages on this machine, to look at them.",
        "docs": "Open the documentation in your browser, without a network.",
        "completion": "Have your shell complete commands, options and names of issues.",
        "demo": "Do the main job with the example publication.",
    },
}
"""Name and one line of each; the module is `newsletter.cli.<name>`, with a function of that name
or, for a group of commands, an `app`. Where Python keeps the name for itself, both end in `_`.
Each has an example in `examples`, and its exit statuses in `exit_status` where they are its own."""

COMMANDS: Mapping[str, str] = {
    name: words for group in GROUPS.values() for name, words in group.items()
}
