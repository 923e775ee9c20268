#!/usr/bin/env bash
# Puts the pictures of FOLDER on BRANCH, under the pull request's number, for its comment to show.
# The branch has a history of its own, of one commit, so that old pictures do not pile up in the repository.
set -euo pipefail
number=$(python -c 'import json, os; print(int(json.load(open(os.environ["GITHUB_EVENT_PATH"]))["number"]))')
git check-ref-format --branch "$BRANCH" >/dev/null

tree="$RUNNER_TEMP/newsletter-pictures"
rm -rf "$tree" && git init --quiet "$tree"
remote=$(git -C "$GITHUB_WORKSPACE" remote get-url origin)
header=$(git -C "$GITHUB_WORKSPACE" config --get-regexp '^http\..*\.extraheader$' || true)
[ -z "$header" ] || git -C "$tree" config "${header%% *}" "${header#* }"

if git -C "$tree" fetch --quiet --depth 1 "$remote" "refs/heads/$BRANCH" 2>/dev/null; then
  git -C "$tree" read-tree -u --reset FETCH_HEAD
fi
rm -rf "${tree:?}/$number" && mkdir -p "$tree/$number"
cp "$FOLDER"/*.png "$tree/$number/" 2>/dev/null || exit 0

git -C "$tree" add --all
git -C "$tree" -c user.name=newsletter -c user.email=newsletter@localhost commit --quiet --message "Pictures of #$number"
git -C "$tree" push --quiet --force "$remote" "HEAD:refs/heads/$BRANCH"
