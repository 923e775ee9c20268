"""The door of the language server: the check, in whatever editor speaks LSP.

Cheap to open: pygls, an extra, is loaded when somebody serves.
"""

from newsletter.check import all_rules
from newsletter.errors import MissingExtraError
from newsletter.lsp.publications import Past

__all__ = ["Past", "serve"]


def serve(past: Past) -> None:
    """Answer an editor on standard input and output until it says goodbye.

    `past` finds what ran before an issue. Raises MissingExtraError without pygls, CheckError for
    a broken plug-in.
    """
    rules = all_rules()
    try:
        from newsletter.lsp.server import build_server
    except ImportError as error:
        raise MissingExtraError("The language server", extra="lsp") from error
    build_server(rules, past).start_io()
