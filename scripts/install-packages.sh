#!/usr/bin/env bash
# Installs what the window and its smoke test need on Debian and Ubuntu, where it is missing.
set -euo pipefail

packages=(
    # what the app loads when it opens a window on X11 with OpenGL
    libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libgl1
    # a screen in memory, a hand on its mouse and keyboard, and an eye on its pictures
    xvfb xdotool imagemagick
)

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null || true)
    [[ $status == *" installed" ]] || missing+=("$package")
done

if ((${#missing[@]} == 0)); then
    echo "All packages are installed: ${packages[*]}"
    exit 0
fi

as_root=()
if ((EUID != 0)); then
    as_root=(sudo)
fi

echo "Installing: ${missing[*]}"
"${as_root[@]}" apt-get update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
