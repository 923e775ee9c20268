"""Letters owed to readers, and who may send them: a process without a relay leaves them alone."""

import asyncio
from dataclasses import replace

import pytest

from newsletter.errors import SettingsError
from newsletter.publishing.readers import ask_to_join, read_sign_up, send_letters
from newsletter.publishing.readers.joining import SignUp
from tests.integration.publishing.conftest import World


def sign_up(world: World, address: str) -> None:
    asked = read_sign_up(address, "Zoë", lenient=False)
    assert isinstance(asked, SignUp)
    ask_to_join(asked, world.books(), client=None, limits=world.settings.site.limits)


def test_letters_wait_for_a_process_that_has_a_relay(world: World) -> None:
    """As where the site has none, and the daemon has: nothing stays in the site's hands."""
    sign_up(world, "zoe@example.com")
    environment = replace(world.settings.environment, transport=None)
    without = replace(world, settings=replace(world.settings, environment=environment))

    with pytest.raises(SettingsError):
        asyncio.run(send_letters(without.books()))
    sent = asyncio.run(send_letters(world.books()))

    assert (1, 1) == (sent, len(world.mails("zoe@example.com")))
    assert 0 == world.database.letters.owed()
