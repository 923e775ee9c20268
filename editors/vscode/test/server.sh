#!/usr/bin/env bash
# Puts the server half of VS Code, as code-server publishes it, into the folder that is named: an editor
# without a window, to try the extension in. Its ripgrep, which it would download, is the machine's own.
set -euo pipefail
folder=${1:?where to put it}
search=$(command -v rg) || { echo "ripgrep is needed (on Debian: apt install ripgrep)" >&2; exit 2; }
VERSION=4.100.3   # VS Code 1.100, for Node.js 20

mkdir -p "$folder"
folder=$(realpath "$folder")
cd "$folder"
[ -f .ready ] && exit 0
echo '{ "private": true }' > package.json
quiet=(--no-audit --no-fund --loglevel error)
npm install "${quiet[@]}" --ignore-scripts "code-server@$VERSION"
cd node_modules/code-server/lib/vscode
npm install "${quiet[@]}" --omit=dev --ignore-scripts
# Compiled against the headers that came with Node.js, where it has them.
headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
[ -d "$headers/include/node" ] && export npm_config_nodedir="$headers"
npm rebuild "${quiet[@]}" @vscode/spdlog native-watchdog
mkdir -p node_modules/@vscode/ripgrep/bin
ln -sf "$search" node_modules/@vscode/ripgrep/bin/rg
touch "$folder/.ready"
