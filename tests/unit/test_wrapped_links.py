"""Links that mail filters, search engines and networks have wrapped, made up in their forms."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.wrapped_links import is_whole, unwrapped, wrapper_of

PAGE = "https://www.example.com/a?b=1&c=2"
ENCODED = "https%3A%2F%2Fwww.example.com%2Fa%3Fb%3D1%26c%3D2"
BASE64 = urlsafe_b64encode(PAGE.encode()).decode()


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.google.com/url?q={ENCODED}&sa=D&source=editors&ust=1&usg=AO",
        f"https://www.google.co.uk/url?sa=t&rct=j&url={ENCODED}&usg=AO",
        f"https://ci3.googleusercontent.com/meips/ADKq=s0-d-e1-ft#{PAGE}",
        f"https://eur01.safelinks.protection.outlook.com/?url={ENCODED}&data=05%7C&reserved=0",
        f"https://gcc02.safelinks.protection.office365.us/?url={ENCODED}&data=05",
        f"https://statics.teams.cdn.office.net/evergreen-assets/safelinks/2/atp?url={ENCODED}",
        f"https://urldefense.proofpoint.com/v1/url?u={ENCODED}&k=x%3D",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.com_a-3Fb-3D1-26c-3D2&d=D",
        f"https://urldefense.com/v3/__{PAGE}__;!!Abc-De!fGh$",
        "https://urldefense.com/v3/__https:/www.example.com/a?b=1&c=2__;!!Abc!fGh$",
        "https://urldefense.com/v3/__https://www.example.com/a?b=1*c=2__;Jg!!Abc!fGh$",
        "https://urldefense.us/v3/__https://www.example.com/a**Cb=1&c=2__;Pw!!x!y$".replace(
            "**C", "*"
        ),
        f"https://linkprotect.cudasvc.com/url?a={ENCODED}&c=E,1,abc,04&typo=1",
        f"https://secure-web.cisco.com/1a-2b/{ENCODED}",
        f"https://protect2.fireeye.com/v1/url?k=1-2&q=1&e=3&u={ENCODED}",
        f"https://ddec1-0-en-ctp.trendmicro.com/wis/clicktime/v1/query?url={ENCODED}&umid=1",
        f"https://eu-west-1.protection.sophos.com/?d=example.com&u={BASE64}&i=1",
        f"https://clicktime.symantec.com/3abc?u={ENCODED}",
        f"https://scanmail.trustwave.com/?c=1&d=2&u={ENCODED}",
        f"https://urlsand.esvalabs.com/?u={ENCODED}&e=1",
        f"https://url.avanan.click/v2/___{PAGE}___.YXA6x",
        f"https://checkpoint.url-protection.com/v1/url?o={ENCODED}&g=N",
        f"https://protect-eu.mimecast.com/s/abc?url={ENCODED}",
        f"https://l.facebook.com/l.php?u={ENCODED}&h=AT",
        f"https://l.instagram.com/?u={ENCODED}&e=AT",
        f"https://www.linkedin.com/safety/go?url={ENCODED}&trk=x",
        f"https://www.youtube.com/redirect?event=video&q={ENCODED}&v=1",
        f"https://www.bing.com/ck/a?!&&p=1&u=a1{BASE64.rstrip('=')}&ntb=1",
        f"https://duckduckgo.com/l/?uddg={ENCODED}&rut=1",
        f"https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU={ENCODED}/RK=2/RS=x-",
        f"https://slack-redir.net/link?url={ENCODED}",
        f"https://out.reddit.com/t3_x?url={ENCODED}&token=A",
        f"https://href.li/?{PAGE}",
    ],
)
def test_wrapped_link_leads_to_its_page(address: str) -> None:
    assert unwrapped(address) == PAGE
    assert f"//{wrapper_of(address)}/" in address


def test_wrappers_in_wrappers_are_all_undone() -> None:
    inner = f"https://www.google.com/url?q={ENCODED}&sa=D".replace("%", "%25")
    outer = (
        f"https://nam02.safelinks.protection.outlook.com/?url={inner.replace('&', '%26')}&data=1"
    )

    assert PAGE == unwrapped(outer)


def test_runs_of_signs_are_put_back() -> None:
    signs = urlsafe_b64encode("äöü".encode()).decode().rstrip("=")

    found = unwrapped(f"https://urldefense.com/v3/__https://www.example.com/**B__;{signs}!!a!b$")

    assert "https://www.example.com/äöü" == found


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        "https://www.google.com/search?q=https://www.example.com",
        "https://www.google.com/url?q=shelves",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=https://localhost/",
        "https://google.example.com/url?q=https://www.example.com/",
        "https://www.youtube.com/watch?v=1&q=https://www.example.com/",
        "https://www.linkedin.com/posts/1?url=https://www.example.com/",
        "https://www.bing.com/ck/a?u=a1%%%",
        "https://urldefense.com/v3/__x",
        "https://[bad",
        "mailto:google@example.com",
        "",
    ],
)
def test_other_address_stays_to_the_letter(address: str) -> None:
    assert (address, None) == (unwrapped(address), wrapper_of(address))


def test_wrapper_that_keeps_its_target_to_itself_is_known_as_one() -> None:
    address = "https://protect-eu.mimecast.com/s/kXyZ?domain=example.com"

    assert (address, "protect-eu.mimecast.com") == (unwrapped(address), wrapper_of(address))


@given(st.text(max_size=80))
def test_target_is_an_address_that_markdown_takes_whole(text: str) -> None:
    wrapped = f"https://www.google.com/url?q=https://www.example.com/{text}&sa=D"

    found = unwrapped(wrapped)

    assert is_whole(found)
    assert not set(found) & set(' ()<>"\\\n')
