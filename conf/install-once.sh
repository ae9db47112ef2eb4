#!/bin/sh
# Installs the example as the configuration, unless there is one: an upgrade never touches what an administrator wrote.
set -eu
target="${DESTDIR:-}$2"
if [ -e "$target" ]; then
	echo "$target is kept"
elif [ -z "${DESTDIR:-}" ] && [ ! -w "${target%/*}" ]; then
	echo "$target is left out: you may not write there"
else
	install -D -m 0644 "$1" "$target"
fi
