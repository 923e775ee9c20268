"""Issues that no editor means to write and some editor will, each as its text, by name.

What each asks of a mail is in its name; what is then expected of the mail is the acceptance list's.
"""

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 42
"""2,016 characters without a place to break."""
LONG_URL = "https://example.org/" + "a1-b2_c3" * 248
"""2,004 characters."""
INTRO = (
    "This week at the harbour: tides, ropes, a very old boat, no ferry, and what gulls like best."
)
FOOTER = "---\nSign up for our free harbour newsletter [here](https://post.example.org/join).\n"
MORE = "[Read the full story](https://example.org/story)"

PLANES = (
    # 0: basic
    "Latin Ünïcödé ﬁ ǅ ſ, Ελληνικά, Кириллица, 漢字仮名交じり文, 한국어, ไทย, हिन्दी, ქართული",
    # 1: supplementary multilingual, and emoji in sequence
    "𝔊𝔬𝔱𝔥𝔦𝔠 𐍈 𒀀 𓀀 🜚 🀄 😀 👩🏽‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇬🇧 5️⃣",
    "𠀀 𪜀 𫝀 𬺰",  # 2: supplementary ideographs
    "𰀀 𱍐",  # 3: tertiary ideographs
    "\U00040000 \U00050000 \U00060000 \U00070000 \U00080000 \U00090000",  # 4 to 9: unassigned
    "\U000a0000 \U000b0000 \U000c0000 \U000d0000",  # 10 to 13: likewise
    "A󠀁󠄀󠇯B",  # 14: tags and variation selectors
    "\U000f0000 \U000ffffd \U00100000 \U0010fffd",  # 15 and 16: private use
    "Z̸̢̡̧͙͍̙͎̟͂̒̽͛͑͗̕͠a̵̧̛̛̞̻̤̦͍̿̏̎͋l͉̮̤̀́̂̃g̸̢̡͂o̶̧͎",  # stacks of combining marks
    "\u202eturned round\u202c, \u2066isolated\u2069, zero\u200bwidth\u200dmarks\ufeff",
)


def story(number: int, headline: str, body: str, more: str = MORE) -> str:
    return f"## {number}. {headline}\n\n{body}\n\n{more}\n\n"


def issue(*stories: str, title: str = "Harbour stories of the week", intro: str = INTRO) -> str:
    heading = f"# {title}\n\n" if title else ""
    return f"{heading}{intro}\n\n{''.join(stories)}{FOOTER}"


EXTREMES = {
    "one word": issue(story(1, "Gulls", "Gulls."), title="Gulls"),
    "two thousand words": issue(
        story(1, "A long one", "\n\n".join([("tide " * 100).strip()] * 20))
    ),
    "long words": issue(
        story(1, LONG_WORD, f"{LONG_WORD}\n\n> {LONG_WORD}\n\n- {LONG_WORD}\n\n`{LONG_WORD}`"),
        title=LONG_WORD,
        intro=f"{INTRO} {LONG_WORD}",
    ),
    "long addresses": issue(
        story(
            1,
            "An address",
            f"<{LONG_URL}>\n\n> See [{LONG_URL}]({LONG_URL}).",
            f"[Read it]({LONG_URL})",
        )
    ),
    "every plane": issue(
        story(1, PLANES[1], "\n\n".join(PLANES)),
        story(2, PLANES[0], "\n".join(f"- {one}" for one in PLANES)),
    ),
    "right-to-left names": issue(
        story(
            1, "شركة القهوة and בית הקפה open in Leeds", "مرحبا بالعالم: שלום עולם, at £3.50 (أ)."
        ),
        title="From قهوة to קפה: the week in two directions",
    ),
    "forty links": issue(
        story(1, "Links", " ".join(f"[number {at}](https://example.org/{at})" for at in range(40)))
    ),
    "no images": issue(*(story(at, f"Headline {at}", "Words, and *more* words.") for at in (1, 2))),
    "many images": issue(
        *(
            story(
                at,
                f"Headline {at}",
                f"![Picture {at}a](https://example.org/{at}a.png 'The quay, seen from the sea')\n\n"
                f"Words with ![an icon](https://example.org/{at}b.png) in them.\n\n"
                f"> ![Picture {at}c](https://example.org/{at}c.png)\n\n"
                f"- ![Picture {at}d](https://example.org/{at}d.png)",
            )
            for at in range(1, 6)
        )
    ),
    "thirty stories": issue(
        *(
            story(
                at,
                f"Headline {at}",
                "Words.\n\n" * 9,
                f"[More of {at}](https://example.org/{at})",
            )
            for at in range(1, 31)
        )
    ),
    "no footer": issue(story(1, "Headline", "Words.")).removesuffix(FOOTER),
    "no title": issue(story(1, "Headline", "Words."), title=""),
    "no stories": issue(),
    "nothing": "",
    "sponsor and number": "---\nnumber: 20211126\n---\n"
    + issue(
        "## Sponsored by Acme Tills & Söhne\n\n"
        "![The till](https://example.org/till.png)\n\nWords of [theirs](https://example.org/own).\n\n"
        "[See the tills](https://example.org/tills)\n\n",
        story(1, "Headline", "Words."),
    ),
    "sponsor at the end": issue(
        story(1, "Headline", "Words."),
        story(2, "Another", "Words."),
        f"## Sponsored by {LONG_WORD[:300]}\n\n> {LONG_WORD[:300]}\n\n",
    ),
    "controls": issue(
        story(1, "A\x07 bell\x1b", "A\x01 B\x7f C\x80 D\x9f E\x0b F\ufffe G\uffff H\x0c I."),
        title="Controls\x08",
    ),
    "markup": "---\nsubject: '\"><script>alert(1)</script> {{ subject }} {% x %} ]]> &amp;'\n---\n"
    + issue(
        story(
            1,
            "A \"headline\" </mj-text><mj-raw> & 'quotes'",
            '<script>alert(1)</script> <!--[if mso]><table><![endif]--> <b onclick="x">b</b>\n\n'
            '!["alt" <b>](https://x.example/i.png?a=1&b="2")\n\n&amp;nbsp; &lt; &copy;',
            '[Read "it" > now](https://x.example/?a="><script>)',
        ),
        title='"Title" </h1><script>alert(1)</script>',
    ),
    "everything": "---\nnumber: 46\nsubject: One of each, for whoever looks\n---\n"
    + issue(
        story(
            1,
            "Prose",
            'Hello {{ first_name | default("there") }}: **strong**, *soft*, `code`, a '
            "[link](https://example.org/link).\n\n"
            '> "Tie up well," says the *harbour master*.\n\n### Below\n\n- one\n- two\n\n'
            "1. un\n2. deux",
        ),
        "## Sponsored by [Acme](https://example.org/acme) Tills\n\nPaid words.\n\n"
        "[Buy one](https://example.org/buy)\n\n",
        story(2, "A picture", "![A shed](https://example.org/shed.png 'The shed, built in 1811')"),
    ),
}
