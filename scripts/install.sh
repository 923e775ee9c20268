#!/bin/sh
# Puts the command `newsletter` on the PATH, from this checkout, or takes it off again: docs/install.md.
#   scripts/install.sh [uninstall]      PYTHON, EXTRAS and WITH come from the environment
# By uv or pipx where one of them is here, else into an environment of its own with a link to it.
# What came by one way is renewed by the same way.
set -eu
cd "$(dirname "$0")/.."

project=newsletter-as-code
python=${PYTHON:-python3}
extras=dkim,docx,inbox,studio,web${EXTRAS:+,$EXTRAS}
own=${XDG_DATA_HOME:-$HOME/.local/share}/$project
own_bin=${XDG_BIN_HOME:-$HOME/.local/bin}
page=share/man/man1/newsletter.1

fail() {
  echo "$*" >&2
  exit 2
}

is_here() { command -v "$1" >/dev/null 2>&1; }

quietly() {
  log=$(mktemp)
  "$@" >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; exit 2; }
  rm -f "$log"
}

# A Python that was named is told to uv and pipx too; else they know which one they want.
named_python() { [ "$python" = python3 ] || echo "--python=$python"; }

# Each way says whether it has the program, where its commands are, and how it comes and goes.

uv_has() { is_here uv && uv tool list 2>/dev/null | grep -q "^$project "; }
uv_bin() { uv tool dir --bin; }
uv_man() { echo "$(uv tool dir)/$project/$page"; }
uv_install() {
  # shellcheck disable=SC2046 - no word at all where none is wanted
  quietly uv tool install --force --reinstall-package "$project" --constraints constraints.txt \
    $(named_python) ".[$extras]"
}
uv_uninstall() { quietly uv tool uninstall "$project"; }

pipx_has() { is_here pipx && pipx list --short 2>/dev/null | grep -q "^$project "; }
pipx_man() { :; }  # it links the page itself
pipx_bin() { pipx environment --value PIPX_BIN_DIR; }
pipx_install() {
  # shellcheck disable=SC2046 - as above
  PIP_CONSTRAINT=$PWD/constraints.txt quietly pipx install --force $(named_python) ".[$extras]"
}
pipx_uninstall() { quietly pipx uninstall "$project"; }

venv_has() { [ -e "$own/pyvenv.cfg" ]; }
venv_bin() { echo "$own_bin"; }
venv_man() { echo "$own/$page"; }
venv_needs() {
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
    || fail "Python 3.11 or newer is needed (on Debian: apt install python3-venv);" \
      "name one that is here: make install PYTHON=python3.12"
}
venv_install() {
  "$own/bin/python" -m pip --version >/dev/null 2>&1 || {  # none yet, or its Python is gone
    "$python" -m venv --clear "$own" >/dev/null 2>&1 || {
      rm -rf "$own"
      fail "Python's venv module is needed (on Debian: apt install python3-venv)"
    }
  }
  quietly "$own/bin/python" -m pip install --disable-pip-version-check --constraint constraints.txt \
    ".[$extras]"
  mkdir -p "$own_bin"
  ln -sf "$own/bin/newsletter" "$own_bin/newsletter"
}
venv_uninstall() {
  is_ours "$own_bin/newsletter" && rm -f "$own_bin/newsletter"
  rm -rf "$own"
}

ways='uv pipx venv'

# man looks for pages beside the folders of the PATH: those of ~/.local/bin in ~/.local/share/man.
link_man() {  # of this way, for the commands in this folder
  from=$("${1}_man") to=${2%/*}/$page
  [ -e "${from:-/nowhere}" ] || return 0
  [ ! -e "$to" ] || is_ours "$to" || return 0
  mkdir -p "${to%/*}" && ln -sf "$from" "$to"
}
unlink_man() {
  to=${1%/*}/$page
  if [ -L "$to" ] && is_ours "$to"; then rm -f "$to"; fi
}

is_ours() {
  case $(readlink "$1") in */"$project"/*) true ;; *) false ;; esac
}

chosen() {
  for way in $ways; do "${way}_has" && echo "$way" && return; done
  for way in uv pipx; do is_here "$way" && echo "$way" && return; done
  echo venv
}

uninstall() {  # but what came by the way named
  found=
  for each in $ways; do
    if [ "$each" != "${1:-}" ] && "${each}_has"; then
      unlink_man "$("${each}_bin")"
      "${each}_uninstall"
      found=$each
      echo "Removed; it was installed with $(words "$each"). Publications stay as they are."
    fi
  done
}

words() { [ "$1" = venv ] && echo "an environment of its own" || echo "$1"; }

say_path() {
  case $PATH: in
    "$1":* | *:"$1":*)
      found=$(command -v newsletter || true)
      [ "$found" = "$1/newsletter" ] || echo "But your PATH leads to another one first: $found"
      ;;
    *)
      case ${SHELL:-} in
        */fish) file=.config/fish/config.fish line="fish_add_path $1" ;;
        */zsh) file=.zshrc line="export PATH=\"$1:\$PATH\"" ;;
        *) file=.bashrc line="export PATH=\"$1:\$PATH\"" ;;
      esac
      echo "It is not on your PATH yet. Add this to ~/$file, and open a new terminal:"
      echo "  $line"
      ;;
  esac
}

if [ "${1:-}" = uninstall ]; then
  uninstall
  [ -n "$found" ] || echo "newsletter is not installed."
  exit
fi

for extra in $(echo "$extras" | tr , ' '); do
  grep -q "^$extra = \[" pyproject.toml || fail "There is no extra “$extra”; docs/install.md has them."
done
way=${WITH:-$(chosen)}
case " $ways " in *" $way "*) ;; *) fail "WITH is one of: $ways" ;; esac
if [ "$way" = venv ]; then venv_needs; else is_here "$way" || fail "$way is not here"; fi
bin=$("${way}_bin")
[ ! -e "$bin/newsletter" ] || is_ours "$bin/newsletter" \
  || fail "$bin/newsletter is another program; move it away first"

uninstall "$way"
echo "Installing with $(words "$way"), in a minute or two ..."
"${way}_install"
link_man "$way" "$bin"
echo "$("$bin/newsletter" --version) is installed with $(words "$way"):"
echo "  $bin/newsletter"
say_path "$bin"
echo "To begin: newsletter init friday"
