"""Which addresses a stranger may lead us to."""

import pytest

from newsletter.net import is_public

PUBLIC = """
    93.184.215.14 2606:2800:21f:cb07:6820:80da:af6b:8b2c ::ffff:93.184.215.14 64:ff9b::5db8:d70e
    2002:5db8:d70e::1
"""
NOT_PUBLIC = """
    127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1
    240.0.0.1 255.255.255.255 192.0.2.1 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12::1 ff02::1
    2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1
    2002:7f00:1::1 2002:a00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 fec0::1 3fff::1 3fff:fff::1
    5f00::1 100:0:0:1::1 192.0.0.8 192.88.99.1 ::ffff:0:7f00:1
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_is_public_is_true_for_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_is_public_is_false_for_all_others(address: str) -> None:
    """This machine, its neighbours, the cloud's own data, and what wraps any of them."""
    assert not is_public(address)
