#!/bin/sh
# Puts the native Pact library into the folder named by $1, once.
#
# pact-go v2.4.2 binds libpact_ffi 0.4.28, which Pact's npm packages ship ready
# built. 17.0.0 is the release of those packages that holds 0.4.28 for every
# platform listed in pact-core.sha256; 19.0.0 dropped functions that pact-go
# links to. Where npm is missing, pact-go's own installer fetches the same
# library.
set -eu

version=17.0.0
mkdir -p "$1"
into=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)

sha256() {
	if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

case $(uname -s) in
Linux)
	os=linux ext=so libc=-glibc
	# ldd names the C library; musl's writes it to standard error and exits 1.
	if { ldd --version 2>&1 || true; } | grep -qi musl; then libc=-musl; fi
	;;
Darwin) os=darwin ext=dylib libc= ;;
*) os=unsupported ;;
esac
case $(uname -m) in
x86_64 | amd64) arch=x64 ;;
aarch64 | arm64) arch=arm64 ;;
*) os=unsupported ;;
esac
if [ "$os" = unsupported ]; then
	echo "fetch.sh: no native Pact library for $(uname -s) $(uname -m)" >&2
	exit 1
fi

done_mark=$into/.$version-$os-$arch$libc
if [ -f "$done_mark" ]; then exit 0; fi

if ! command -v npm >/dev/null; then
	echo "npm is not installed: fetching libpact_ffi with pact-go's installer" >&2
	cd "$here/../.."
	go run github.com/pact-foundation/pact-go/v2 install --libDir "$into"
	touch "$done_mark"
	exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm pack --silent "@pact-foundation/pact-core-$os-$arch$libc@$version" >npm.log 2>&1 || {
	cat npm.log >&2
	exit 1
}

tarball=pact-foundation-pact-core-$os-$arch$libc-$version.tgz
want=$(grep -F "  $tarball" "$here/pact-core.sha256" | cut -d ' ' -f 1)
got=$(sha256 "$tarball")
if [ -z "$want" ] || [ "$got" != "$want" ]; then
	echo "fetch.sh: $tarball has SHA-256 $got, want ${want:-a line in pact-core.sha256}" >&2
	exit 1
fi

tar -xzf "$tarball"
# musl's file has a name of its own; the linker asks for the plain one.
cp package/prebuilds/*/libpact_ffi* "$into/libpact_ffi.$ext"
# The shipped macOS library carries the path of the machine that built it.
if [ "$os" = darwin ]; then install_name_tool -id @rpath/libpact_ffi.dylib "$into/libpact_ffi.dylib"; fi
touch "$done_mark"
