#!/usr/bin/env bash
# Make sure there is a headless Chromium for the browser tests: the system's, else Debian's by apt when root, else
# the one Playwright brings. Takes the folder of the environment's programs.
set -euo pipefail

bin="$1"

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then
    echo "Browser: $(command -v "$name")"
    exit 0
  fi
done

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium </dev/null >/dev/null; then
    echo "Browser: $(command -v chromium), from apt"
    exit 0
  fi
  echo "apt-get could not install chromium; trying Playwright's." >&2
fi

"$bin/playwright" install chromium
