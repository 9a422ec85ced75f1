#!/usr/bin/env bash
# image.sh APP_FOLDER NAME:TAG
#
# The image of deploy/Dockerfile without Docker: the build output of Tuner.Cli (which holds the sample model server) on the
# .NET runtime of this machine and the Debian libraries that it needs, given to the containerd of "up.sh pods".
# Two layers; the runtime's is made once and kept in $CACHE.
set -euo pipefail
APP=$1 NAME=$2
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tuner-cluster}
STATE=${STATE:-/run/tuner-k8s}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pack() { tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$1" -cf "$2" .; }
sum() { sha256sum "$1" | cut -d' ' -f1; }

root=$(dirname "$(readlink -f "$(command -v dotnet)")")
version=$(dotnet --list-runtimes | awk '$1 == "Microsoft.AspNetCore.App" { print $2 }' | sort -V | tail -1)
base=$CACHE/img-base/dotnet-$version.tar
if [[ ! -s $base ]]; then
  r=$work/base
  mkdir -p "$CACHE/img-base" "$r"/{bin,etc/ssl/certs,proc,sys,dev,usr/share/dotnet/shared,lib/x86_64-linux-gnu,lib64}
  mkdir -m 1777 "$r/tmp"
  for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    mkdir -p "$r/usr/share/dotnet/shared/$framework"
    cp -r "$root/shared/$framework/$version" "$r/usr/share/dotnet/shared/$framework/"
  done
  cp -r "$root/host" "$root/dotnet" "$r/usr/share/dotnet/"
  cp -L /lib64/ld-linux-x86-64.so.2 "$r/lib64/"
  for library in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2 libgcc_s.so.1 libstdc++.so.6 libssl.so.3 libcrypto.so.3 libz.so.1; do
    file=$(ldconfig -p | awk -v name="$library" '$1 == name && /x86-64/ { print $NF; exit }')
    cp -L "$file" "$r/lib/x86_64-linux-gnu/$library"
  done
  echo 'hosts: files dns' >"$r/etc/nsswitch.conf"
  pack "$r" "$base.new" && mv "$base.new" "$base"
fi

mkdir "$work/app" && cp -r "$APP" "$work/app/app"
pack "$work/app" "$work/app.tar"
ln -s "$base" "$work/base.tar"
printf '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/app:/usr/share/dotnet:/bin","DOTNET_ROOT=/usr/share/dotnet","DOTNET_EnableDiagnostics=0","DOTNET_NOLOGO=1"],"User":"8737:8737","Entrypoint":["tuner"],"Cmd":["--help"],"WorkingDir":"/tmp"},"rootfs":{"type":"layers","diff_ids":["sha256:%s","sha256:%s"]}}' \
  "$(sum "$base")" "$(sum "$work/app.tar")" >"$work/config.json"
printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["base.tar","app.tar"]}]' "$NAME" >"$work/manifest.json"
tar -C "$work" -chf "$work/image.tar" manifest.json config.json base.tar app.tar
ctr -a "$STATE/containerd.sock" -n k8s.io images import "$work/image.tar"
