#!/usr/bin/env bash
# Makes the README's screenshots anew: serves the first sample with real trials, and looks at it with a real browser.
# Takes about five minutes and needs Debian's chromium. Usage: tests/Tuner.Pages.Tests/screenshots.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$root/tests/Tuner.Pages.Tests/Screenshots
work=$(mktemp -d)
port=${TUNER_SCREENSHOT_PORT:-8699}
serving=
cleanup() { [ -z "$serving" ] || { kill "$serving" 2>/dev/null || true; wait "$serving" 2>/dev/null || true; }; rm -rf "$work"; }
trap cleanup EXIT

dotnet build -c Release "$root/src/Tuner.Cli" -v q -clp:NoSummary
tuner=$root/src/Tuner.Cli/bin/Release/net10.0/tuner
"$tuner" serve --state "$work/state" --listen "127.0.0.1:$port" --target "$root/sweeps/digits.yaml" >"$work/serve.log" 2>&1 &
serving=$!
site=http://127.0.0.1:$port
for _ in $(seq 60); do curl -fsS "$site/health/ready" >/dev/null 2>&1 && break; sleep 1; done

files=(-F "definition=@$root/sweeps/digits.yaml")
for body in small large; do files+=(-F "$body=@$root/sweeps/digits/$body.json;filename=digits/$body.json"); done
id=$(curl -fsS "${files[@]}" "$site/api/v1/sweeps" | sed -E 's/.*"id":"([^"]+)".*/\1/')

# A live page never stops loading its events: --timeout ends the wait, and the picture is what was there by then.
picture() { # NAME PATH WIDTH HEIGHT
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync \
    --hide-scrollbars --user-data-dir="$work/browser" --window-size="$3,$4" --timeout=8000 --screenshot="$out/$1.png" "$site$2" >/dev/null 2>&1
}
trials() { curl -fsS "$site/api/v1/sweeps/$id/trials?limit=500" | grep -o '"hasEnded":true' | wc -l; }
state() { curl -fsS "$site/api/v1/sweeps/$id" | sed -E 's/.*"state":"([a-z]+)".*/\1/'; }

mkdir -p "$out"
until [ "$(trials)" -ge 9 ] || [ "$(state)" = finished ]; do sleep 2; done
picture live-sweep "/sweeps/$id" 1280 1130
until [ "$(state)" = finished ]; do sleep 2; done
picture report "/sweeps/$id/report" 1280 1500
ls -l "$out"
