#!/usr/bin/env bash
# main-job.sh [RUNS]: runs the README's first command RUNS times (20) from nothing while another process keeps one core
# busy, and prints each run's exit code, time, trials and verdict. Build first: dotnet build -c Release src/Tuner.Cli
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
runs=${1:-20}
tuner=src/Tuner.Cli/bin/Release/net10.0/tuner.dll
[ -f "$tuner" ] || { echo "$tuner is missing: dotnet build -c Release src/Tuner.Cli"; exit 1; }

state=$(mktemp -d)
( while :; do :; done ) &
busy=$!
trap 'kill "$busy" 2>/dev/null; rm -rf "$state"' EXIT

good=0
for ((run = 1; run <= runs; run++)); do
  start=$SECONDS
  timeout 600 dotnet "$tuner" run sweeps/digits.yaml --new --state "$state/$run" >"$state/$run.out" 2>"$state/$run.err"
  code=$?
  ((code == 0)) && good=$((good + 1))
  trials=$(grep -cE '^trial +[0-9]+  [a-z]+ ' "$state/$run.err")
  verdict=$(head -1 "$state/$run.out")
  printf 'run %2d  exit %d  %3d s  %2d trials  %s\n' "$run" "$code" "$((SECONDS - start))" "$trials" "$verdict"
done
echo "$good of $runs runs ended with exit code 0"
