"""What is gathered while an export is read: issues, and the names of what is left out."""

from collections import defaultdict
from dataclasses import dataclass, field

from newsletter.errors import ExportError
from newsletter.importing.exports.container import Container, Member
from newsletter.importing.exports.export import Left, PastIssue


@dataclass
class Heap:
    """In the order of the export."""

    issues: list[PastIssue] = field(default_factory=list)
    left: dict[Left, list[str]] = field(default_factory=lambda: defaultdict(list))

    def leave(self, what: Left, label: str) -> None:
        self.left[what].append(label)

    def text(self, container: Container, member: Member) -> str:
        """The text of a file, without blanks round it; "" for one that cannot be read, which is
        left out and takes no other with it.
        """
        try:
            return container.text(member).strip()
        except ExportError:
            self.leave(Left.UNREADABLE, member.name)
            return ""
