"""Names of emoji as chats and forums write them, `:tada:`, and the characters they stand for."""

import unicodedata

_KNOWN = {
    "tada": "🎉",
    "smile": "😄",
    "grin": "😁",
    "joy": "😂",
    "wink": "😉",
    "heart": "❤️",
    "thumbsup": "👍",
    "+1": "👍",
    "thumbsdown": "👎",
    "-1": "👎",
    "ok_hand": "👌",
    "clap": "👏",
    "wave": "👋",
    "pray": "🙏",
    "muscle": "💪",
    "eyes": "👀",
    "fire": "🔥",
    "rocket": "🚀",
    "star": "⭐",
    "sparkles": "✨",
    "warning": "⚠️",
    "bulb": "💡",
    "memo": "📝",
    "bell": "🔔",
    "white_check_mark": "✅",
    "heavy_check_mark": "✔️",
    "x": "❌",
    "100": "💯",
    "boom": "💥",
    "chart": "💹",
    "moneybag": "💰",
    "shopping_cart": "🛒",
    "shopping": "🛍️",
    "gift": "🎁",
    "point_right": "👉",
    "point_down": "👇",
    "arrow_right": "➡️",
    "link": "🔗",
    "email": "📧",
    "calendar": "📅",
    "mega": "📣",
    "loudspeaker": "📢",
    "coffee": "☕",
    "santa": "🎅",
    "sunny": "☀️",
    "snowflake": "❄️",
    "christmas_tree": "🎄",
    "sob": "😭",
    "cry": "😢",
    "thinking": "🤔",
    "raised_hands": "🙌",
    "heart_eyes": "😍",
    "sunglasses": "😎",
    "newspaper": "📰",
    "package": "📦",
    "truck": "🚚",
    "robot": "🤖",
    "trophy": "🏆",
}


def emoji(name: str) -> str | None:
    """The character of a name without its colons, or None where we know none.

    >>> emoji("tada"), emoji("bicycle"), emoji("retail")
    ('🎉', '🚲', None)
    """
    if name in _KNOWN:
        return _KNOWN[name]
    try:
        found = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return None
    return found if unicodedata.category(found) == "So" else None
