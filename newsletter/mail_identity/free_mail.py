"""Providers whose addresses are people's, and who let nobody but themselves send for them.

Their DMARC records say so; the list is for saying it in plain words, and is not complete.
"""

FREE_MAIL = frozenset(
    {
        "aol.com",
        "fastmail.com",
        "gmail.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "web.de",
        "yahoo.com",
        "yandex.ru",
        "ymail.com",
        "zoho.com",
    }
)
"""A newsletter from one of them is refused by everybody who asks (RFC 9989, 7)."""
