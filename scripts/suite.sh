#!/bin/sh
# Run a suite of tests beside each other; the few that fail are run once more, alone.
#
# Thousands of tests share these processors with servers, browsers and deadlines of their own.
# What fails only in that company says so here, and is not hidden; what fails alone as well has
# failed. More than a few failures are nobody's company: they count at once.
#
# usage: suite.sh PYTHON WORKERS MARKS
set -u

python=$1 workers=$2 marks=$3
few=10

rm -rf .pytest_cache/v/cache/lastfailed
"$python" -m pytest -n "$workers" --dist worksteal -m "$marks"
status=$?
[ "$status" -eq 1 ] || exit "$status"

failed=$("$python" -c 'import json; print(len(json.load(open(".pytest_cache/v/cache/lastfailed"))))')
[ "$failed" -le "$few" ] || exit 1

echo
echo "Failed beside the others: $failed. Once more, alone:"
"$python" -m pytest --last-failed --last-failed-no-failures none -m "$marks" || exit 1
echo "Passed alone: each of these should be mended so that it passes in company as well."
