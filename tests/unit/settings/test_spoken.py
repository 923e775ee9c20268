"""What a publication has by its language alone."""

from dataclasses import fields, replace
from datetime import date

import pytest

from newsletter.check import Context, HouseFormat, all_rules, check_issue
from newsletter.issue import parse_issue, source_from_text
from newsletter.languages import LAID_OUT, language_of
from newsletter.publishing.drafting import draft
from newsletter.render import Words
from newsletter.settings.spoken import house_in, words_in

FRIDAY = date(2027, 11, 26)
OTHERS = LAID_OUT[1:]
SAME = {"image", "date"}
"""Words that two languages may spell alike."""

PROSE = {
    "en": "The shop said on Friday, 26 November 2027: “We open at 8.30.” It’s about 40%, they add!",
    "de": "Der Laden sagte am Freitag, 26. November 2027: „Wir öffnen um 8.30 Uhr.“ Das sind 40 %!",
    "fr": "Le magasin a dit vendredi 26 novembre 2027 : « Nous ouvrons à 8 h 30. » Est-ce vrai ?",
    "es": "La tienda dijo el viernes, 26 de noviembre de 2027: “Abrimos a las 8.30”. ¿Es el 40 %?",
    "it": "Il negozio ha detto venerdì 26 novembre 2027: «Apriamo alle 8.30». È il 40%, dice l’ad!",
    "nl": "De winkel zei op vrijdag 26 november 2027: “We openen om 8.30 uur.” ’s Avonds 40%.",
    "pl": "Sklep podał w piątek, 26 listopada 2027: „Otwieramy o 8.30”. To około 40%, dodają!",
    "pt": "A loja disse na sexta-feira, 26 de novembro de 2027: “Abrimos às 8h30.” São 40%, diz!",
    "sv": "Butiken sade fredag 26 november 2027: ”Vi öppnar 8.30.” Det är 40 %, säger de!",
    "ar": "قال المتجر يوم الجمعة، 26 نوفمبر 2027: ”نفتح في الثامنة“. فهل يكفي ذلك؟",
    "ja": "店舗は2027年11月26日（金曜日）に「八時半に開く」と述べた。四割だという！",
}
"""A sentence a language: a right date, a quotation in its marks, punctuation as it is set there."""


def laid_out(tag: str) -> HouseFormat:
    """The house format as a publication of the language begins with it."""
    titles = tuple(language_of(tag).starter.get("titles", ("The {count} stories of the week",)))
    return replace(house_in(tag), titles=titles, footer_link="https://news.example.com/subscribe")


def checked(tag: str, text: str) -> list[tuple[str, str]]:
    house = laid_out(tag)
    issue = parse_issue(source_from_text(text), cues=house.cues)
    found = check_issue(issue, all_rules(), Context(house=house))
    return [(each.slug, each.message) for each in found]


def filled(tag: str) -> str:
    """A draft of the language with every blank and note filled."""
    house = laid_out(tag)
    text = draft(house, FRIDAY, 7)
    head, *stories = text.split("## ")
    front = head.replace("subject: …", "subject: Harbour Foods: shelves that order by themselves")
    front = front.replace("preheader: …", "preheader: Harbour Foods, a shop without tills, a barge")
    front = front[: front.index("<!--")] + f"{house.calendar.weekdays[4]}: Tilly, Old Mill.\n\n"
    names = ("Harbour Foods", "Tilly", "Old Mill", "Corner Cart", "Bluebird")
    for name, story in zip(names, stories, strict=True):
        number, _, rest = story.partition(". …\n\n")
        after = rest[rest.index("-->") + 3 :]
        link = f"[{name}: example.com](https://www.example.com/{number})"
        front += f"## {number}. {name}\n\n{PROSE[tag]}\n\n{link}{after}"
    return front


@pytest.mark.parametrize("tag", LAID_OUT)
def test_sound_issue_of_a_language_is_passed_unsaid(tag: str) -> None:
    assert checked(tag, filled(tag)) == []


@pytest.mark.parametrize("tag", LAID_OUT)
def test_what_a_language_says_of_an_issue_is_held(tag: str) -> None:
    """The day of a date, the number of a title, the footer: each in the words of the language."""
    days, numbers = house_in(tag).calendar.weekdays, house_in(tag).cues.numbers
    sound = filled(tag)

    other_day = sound.replace(PROSE[tag], PROSE[tag].replace(days[4], days[2]))
    other_count = sound.replace(numbers[3], numbers[4]).replace(
        numbers[3].capitalize(), numbers[4].capitalize()
    )
    other_footer = sound.replace(language_of(tag).starter.get("footer", "our free ")[:9], "X", 1)

    assert 5 == [slug for slug, _ in checked(tag, other_day)].count("weekday-date")
    assert "title-count" in dict(checked(tag, other_count))
    assert checked(tag, other_footer)


@pytest.mark.parametrize("tag", LAID_OUT)
def test_draft_of_a_language_has_nothing_wrong_but_its_blanks(tag: str) -> None:
    found = checked(tag, draft(laid_out(tag), FRIDAY, 7))

    assert {"empty-slot", "intro-missing", "intro-weekday"} >= {slug for slug, _ in found}, found


@pytest.mark.parametrize("tag", OTHERS)
def test_file_of_a_language_says_all_that_english_says(tag: str) -> None:
    words, english, known = words_in(tag), words_in("en"), language_of(tag)

    assert {field.name for field in fields(Words)} == {*known.frame, "weekdays", "months"}
    left = {name for name in known.frame if getattr(words, name) == getattr(english, name)}
    assert left <= SAME
    assert 19 == len(known.house["numbers"]) == len(set(known.house["numbers"]))
    assert [7, 12] == [len(set(known.house[name])) for name in ("weekdays", "months")]
    assert set(language_of("de").house) == set(known.house)
    assert set(language_of("de").starter) == set(known.starter)
    assert {"title", "intro", "story"} == set(known.notes)


def test_language_that_nobody_laid_out_keeps_english_words_and_has_its_marks() -> None:
    assert house_in("fi").cues == house_in("en").cues
    assert ("””",) == house_in("fi").typography.quotes
    assert ("“”",) == house_in("tlh").typography.quotes
    assert words_in("en") == words_in("fi")
