#!/usr/bin/env bash
# Real feed readers and validators from Debian's packages, for the tests in this folder. Does what it can and never fails:
# without apt, without the right to install or without a network, the tests name what is missing and skip it.
set -uo pipefail

packages=(newsboat rss2email python3-feedparser sfeed libxml2-utils jing)

say() { printf 'Feed readers: %s\n' "$1"; }

command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || { say 'no apt here, so only those that are there already.'; exit 0; }

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || { say 'all there.'; exit 0; }

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null || { say "no right to install ${missing[*]}."; exit 0; }
  as_root=(sudo -n)
fi

export DEBIAN_FRONTEND=noninteractive
apt() { timeout 300 "${as_root[@]}" apt-get -q -y -o DPkg::Lock::Timeout=60 "$@" >/dev/null 2>&1; }
apt install --no-install-recommends "${missing[@]}" ||
  { apt update && apt install --no-install-recommends "${missing[@]}"; } ||
  say "could not install ${missing[*]}."
exit 0
