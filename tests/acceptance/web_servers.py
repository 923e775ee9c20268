"""A real nginx and a real Caddy, run with the blocks of docs/hosting.md as they stand there.

Only ports, folders and the certificate, of an authority of our own, are others.
"""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.pace import patience

NAME = "news.example.com"
DOCS = Path(__file__).parents[2] / "docs/hosting.md"
PROGRAMS = {
    "nginx": shutil.which("nginx", path="/usr/sbin:/usr/bin"),
    "caddy": shutil.which("caddy"),
}


@dataclass(frozen=True, kw_only=True)
class Front:
    """A web server that runs: where it answers by https, and whom to trust."""

    program: str
    port: int
    context: ssl.SSLContext
    log: Path


def blocks(language: str) -> list[str]:
    """The blocks of the page in one language, in their order."""
    text = DOCS.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def web_server(program: str, folder: Path, site: int) -> Iterator[Front]:
    """The program's first block before the site at that port, with its files in a folder."""
    authority = trustme.CA()
    certificate = authority.issue_cert(NAME)
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    port = free_port()
    made = _nginx if program == "nginx" else _caddy
    command, environment = made(folder, port, site)
    with _running(command, environment, folder, port):
        yield Front(program=program, port=port, context=context, log=folder / "access.log")


def _nginx(folder: Path, port: int, site: int) -> tuple[list[str], Mapping[str, str]]:
    block = _changed(
        blocks("nginx")[0],
        {
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "    listen [::]:443 ssl;\n": "",
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "    listen [::]:80;\n": "",
            "/etc/letsencrypt/live/news.example.com/fullchain.pem": f"{folder}/cert.pem",
            "/etc/letsencrypt/live/news.example.com/privkey.pem": f"{folder}/key.pem",
            "/var/log/nginx/news.log": f"{folder}/access.log",
            "/var/log/nginx/news-error.log": f"{folder}/error.log",
            "http://127.0.0.1:8080": f"http://127.0.0.1:{site}",
            "/var/www/news": f"{folder}/files",
        },
    )
    return nginx_command(folder, block), {}


def nginx_command(folder: Path, block: str) -> list[str]:
    """nginx with a block and its defaults, all that it writes in the folder."""
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"  {name}_temp_path {folder}/tmp-{name};\n" for name in temporary)
    user = "user root;\n" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log stderr crit;\nevents {{}}\n"
        f"http {{\n  include /etc/nginx/mime.types;\n  access_log off;\n{paths}{block}}}\n"
    )
    return [str(PROGRAMS["nginx"]), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/start.log"]


def _caddy(folder: Path, port: int, site: int) -> tuple[list[str], Mapping[str, str]]:
    block = _changed(
        blocks("caddyfile")[0],
        {
            "news.example.com {": f"{NAME}:{port} {{\n\ttls {folder}/cert.pem {folder}/key.pem",
            "127.0.0.1:8080": f"127.0.0.1:{site}",
            "/var/www/news": f"{folder}/files",
        },
    )
    own = "{\n\tadmin off\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1\n}\n"
    (folder / "Caddyfile").write_text(own + block)
    homes = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    return [str(PROGRAMS["caddy"]), "run", "--config", f"{folder}/Caddyfile"], homes


def _changed(block: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        assert old in block, old
        block = block.replace(old, new)
    return block


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], folder: Path, port: int
) -> Iterator[None]:
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=said, stderr=said
        )
        try:
            _await_port(process, port, folder)
            yield
        finally:
            process.terminate()
            process.wait(timeout=patience(30))


def _await_port(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    end = time.monotonic() + patience(30)
    while True:
        assert process.poll() is None, (folder / "said.txt").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < end, (folder / "said.txt").read_text()
            time.sleep(0.05)


@contextmanager
def static_host(folder: Path, files: Path) -> Iterator[str]:
    """nginx with the page's block for files, and nothing else; where it answers."""
    port = free_port()
    block = _changed(
        blocks("nginx")[1],
        {"listen 80;": f"listen 127.0.0.1:{port};", "/var/www/news": str(files)},
    )
    with _running(nginx_command(folder, block), {}, folder, port):
        yield f"http://127.0.0.1:{port}"
