"""Every word of ours on the public site, so that a publication can say it in its own language.

English is the default, the languages that we know bring theirs (`newsletter.languages`), and
`[site.words]` of newsletter.toml replaces any of them. What an issue's frame says, there and in the
e-mail, is in `newsletter.render.words`; what a sentence may hold is told in `phrases`.
"""

from dataclasses import MISSING, dataclass, fields

from newsletter.errors import RenderError
from newsletter.render.html import Html
from newsletter.render.site.phrases import check_phrase, phrase_html, phrase_text

_MONTHS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteWords:
    """Sentences by where they stand. Raises RenderError for one that cannot stand there."""

    # Everywhere
    skip: str = "To the content"
    front_page: str = "Front page"
    all_issues: str = "All issues"
    feed: str = "Feed"
    privacy: str = "Privacy"
    contact: str = "Contact"
    error_title: str = "Error: {title}"
    weekday_day: str = "{weekday} {day}\u00a0{month}"
    day: str = "{day}\u00a0{month}"
    month: str = "{month} {year}"
    moment: str = "{date}, {time}"
    months: tuple[str, ...] = ()
    """Where the name of a month alone differs from the one within a date; () for the same."""

    # Reading
    latest: str = "Latest issue"
    earlier: str = "Earlier issues"
    years: str = "Years"
    feeds: str = "Feeds"
    feeds_lead: str = (
        "Rather not have another e-mail? Read every issue in full in your feed reader: "
        "[Atom](atom) or [JSON Feed](json)."
    )
    story_feed: str = "{name}: stories"
    next_issue: str = "Next issue"
    no_issue: str = "The first issue is still to come."
    read_issue: str = "Read the whole issue"
    other_issues: str = "Other issues"
    previous: str = "Previous"
    next: str = "Next"
    correction: str = "Correction, {date}"
    share: str = "Share"
    share_story: str = "Share story {number}"
    send_by_mail: str = "Send by e-mail"

    # The form
    subscribe: str = "Subscribe"
    address: str = "E-mail address"
    first_name: str = "First name"
    optional: str = "(optional)"
    terms: str = "Free. We’ll ask you to confirm, and you can leave with one click."
    step: str = "Sign up · {step} of 3"
    subscribe_after: str = (
        "We’ll send you one message to confirm. You can leave with one click, from any issue."
    )
    read_latest: str = "Read the latest issue first"
    nothing_stored: str = "Nothing has been sent or stored yet."
    fault_missing: str = "Please enter your address. It should look like name@example.com."
    fault_no_at: str = "There’s no @ in it. It should look like name@example.com."
    fault_no_name: str = "Nothing comes before the @. It should look like name@example.com."
    fault_no_host: str = "Nothing comes after the @. It should look like name@example.com."
    fault_wrong: str = "No message can be sent to this. It should look like name@example.com."
    fault_too_long: str = "It’s longer than an address can be. Please look at it again."
    fault_name: str = "Please shorten the name to 80 letters, on one line."

    # Sent, confirm, confirmed
    sent_title: str = "Check your inbox"
    sent_heading: str = "Now check your inbox"
    sent_lead: str = "We’ve just sent a message to **{address}**."
    sent_open: str = "Open it: **{subject}**, from {sender}."
    sent_follow: str = "Follow its link, and press the button on the page."
    sent_read: str = "Read the next issue: {moment}."
    sent_read_any: str = "Read the next issue."
    sent_nothing: str = "Nothing there?"
    sent_nothing_lead: str = (
        "Give it five minutes, then look in your junk folder. If the address above is mistyped, "
        "[enter it again](subscribe). The wrong one gets that single message and no other."
    )
    sent_embedded: str = "You can go back to the page you came from."
    confirm_title: str = "Confirm your address"
    confirm_lead: str = "{name} will go to **{address}**."
    confirm_lead_from: str = "{name} will go to **{address}**, beginning with the issue of {date}."
    confirm_button: str = "Yes, send me {name}"
    confirm_after: str = (
        "Didn’t ask for this? Close the page. We forget any address that isn’t confirmed within "
        "{hours}\u00a0hours."
    )
    confirmed_title: str = "Welcome. You’re on the list."
    confirmed_lead: str = "The next issue goes to **{address}**."
    confirmed_lead_at: str = "The next issue goes to **{address}**: {moment}."
    confirmed_contacts: str = (
        "To keep it out of the junk folder, add **{sender}** to your contacts."
    )
    choose_topics: str = "Choose your topics"
    until_then: str = "Until then, the latest issue"

    # Leaving
    leave_title: str = "Leave {name}?"
    leave_lead: str = "We’ll stop writing to **{address}** at once."
    leave_pause: str = "Only pause for a few weeks"
    left_title: str = "You’ve unsubscribed"
    left_lead: str = "We won’t write to **{address}** again, not even to say goodbye."
    undo: str = "Undo"
    why: str = "Would you tell us why?"
    why_lead: str = "Only if you like. One of these is plenty."
    why_often: str = "Too many e-mails"
    why_hoped: str = "Not what I’d hoped for"
    why_not_asked: str = "I never signed up"
    why_elsewhere: str = "I read it elsewhere"
    why_thanks: str = "Thank you. It helps us to know."
    back_title: str = "You’re back on the list"
    back_lead: str = "**{address}** gets the next issue as before."

    # Preferences
    preferences_heading: str = "What we send you"
    preferences_lead: str = "For **{address}**."
    topics: str = "Topics"
    pause: str = "Pause"
    pause_none: str = "No pause"
    pause_2: str = "2 weeks"
    pause_4: str = "4 weeks"
    pause_8: str = "8 weeks"
    pause_ends: str = "Back on {date}"
    save: str = "Save"
    saved: str = "Saved"
    saved_lead: str = "It holds from the next issue on."
    saved_paused: str = "You’re on a break. We’ll write again from {date} on."
    leave: str = "Leave"
    leave_or: str = (
        "To stop everything at once, [unsubscribe](leave). You can also [download](data) or "
        "[erase](erase) what we hold about you."
    )
    erase_title: str = "Erase your data?"
    erase_lead: str = (
        "We’ll erase all that we hold about **{address}**, and never write to it again. "
        "This can’t be undone."
    )
    erase_keeps: str = (
        "One thing stays: a checksum that nobody can turn back into your address. By it we know "
        "not to write, even if somebody puts you on the list again."
    )
    erase_button: str = "Erase everything"
    erase_not: str = "Keep it as it is"
    erased_title: str = "Your data is erased"
    erased_lead: str = "Your address, your name and your choices are gone. We won’t write again."

    # What went wrong
    expired_label: str = "Expired link"
    expired_title: str = "This link has expired"
    expired_lead: str = (
        "A confirmation link lasts {hours}\u00a0hours, and this one is older. Enter your address, "
        "and a new one will be with you in a minute."
    )
    expired_button: str = "Send a new link"
    link_label: str = "Broken link"
    link_title: str = "This link is incomplete"
    link_lead: str = (
        "Some mail programs cut a long link in two. Go back to the message, copy all of it, from "
        "**https** to the last character, and paste it into the address bar."
    )
    link_more: str = (
        "Nothing has changed. If it fails again, [write to us](contact) from the address that gets "
        "the issues, and we’ll do it for you."
    )
    form_label: str = "Stale page"
    form_title: str = "Please try that once more"
    form_lead: str = (
        "The page was open for a long time, or the button was on a page that isn’t ours. Go back, "
        "load the page again, and press the button there."
    )
    nothing_changed: str = "Nothing has changed."
    error_number: str = "Error {number}"
    missing_title: str = "Page not found"
    missing_heading: str = "There’s no page here"
    missing_lead: str = (
        "The address may be mistyped. Every issue we’ve sent is still in the archive."
    )
    missing_latest: str = "Or start with the latest"
    large_title: str = "That’s more than we can take"
    large_lead: str = (
        "All we need is an address and, if you like, a name. Go back, and shorten what you entered."
    )
    tries_label: str = "Please wait"
    tries_title: str = "Too many tries"
    tries_heading: str = "That’s a lot of tries"
    tries_lead: str = (
        "So that nobody can sign up strangers by the hundred, we accept only a few addresses an "
        "hour from one place. Please try again after **{time}**."
    )
    tries_more: str = (
        "If you pressed a button twice, the first press has probably worked: check your inbox."
    )
    broken_title: str = "Something broke here"
    broken_lead: str = "It’s our fault, not yours, and we’ve made a note of it."
    away_title: str = "Back in a few minutes"
    away_lead: str = "We’re working on the site. The next issue will arrive as usual."
    press_again: str = (
        "If you’ve just pressed a button, press it again later. Doing it twice does no harm."
    )

    # The form for other sites
    embed_label: str = "Embed"
    embed_title: str = "A form for your own site"
    embed_heading: str = "Put the form on your own site"
    embed_lead: str = (
        "Paste this where you want it. It brings no script, style, image or cookie: it takes on "
        "the look of the page around it, and works wherever HTML does."
    )
    embed_select: str = "One click selects all of it."
    embed_twice: str = "Twice on one page?"
    embed_twice_lead: str = (
        "Give the second form its own `id` and `for`. Leave each `name` as it is."
    )
    embed_terms: str = "Free. You confirm by e-mail."

    def __post_init__(self) -> None:
        if len(self.months) not in {0, _MONTHS}:
            raise RenderError(
                f"{len(self.months)} names are given",
                where="site words months",
                next_step=f"write all {_MONTHS}",
            )
        for one in fields(self):
            if isinstance(one.default, str):
                check_phrase(one.name, getattr(self, one.name), one.default)

    def say(self, name: str, /, **values: str) -> Html:
        """The sentence of this name as HTML, with what stands in its places."""
        return phrase_html(getattr(self, name), values)

    def plain(self, name: str, /, **values: str) -> str:
        """The same as text, for a sentence without marks and links."""
        return phrase_text(getattr(self, name), values)


def word_names() -> tuple[str, ...]:
    """The keys of [site.words] that hold one sentence each."""
    return tuple(
        one.name
        for one in fields(SiteWords)
        if one.default is not MISSING and isinstance(one.default, str)
    )
