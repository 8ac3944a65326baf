#!/usr/bin/env bash
# Run a command with DATABASE_URL naming a fresh PostgreSQL cluster of the system's own packages; remove it afterwards.
# POSTGRES_BIN names another folder of server programs than Debian's.
set -euo pipefail

newest_postgres_bin() {
  find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin -type d 2>/dev/null | sort -V | tail -n 1
}

postgres_bin="${POSTGRES_BIN:-$(newest_postgres_bin)}"
if [ ! -x "$postgres_bin/initdb" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "Installing PostgreSQL by apt-get…"
  DEBIAN_FRONTEND=noninteractive apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql </dev/null >/dev/null
  postgres_bin="$(newest_postgres_bin)"
fi
if [ ! -x "$postgres_bin/initdb" ]; then
  echo "No PostgreSQL server found: install your system's package, or set POSTGRES_BIN to the folder of initdb." >&2
  exit 1
fi

# The server refuses to run as root.
as_server=()
if [ "$(id -u)" -eq 0 ]; then
  server_user="$(id -un postgres 2>/dev/null || echo nobody)"
  as_server=(setpriv --reuid "$server_user" --regid "$(id -gn "$server_user")" --clear-groups --)
fi

folder="$(mktemp -d)"
chmod 755 "$folder"
mkdir "$folder/data"
if [ "$(id -u)" -eq 0 ]; then
  chown -R "$server_user" "$folder"
fi

stop() {
  "${as_server[@]}" "$postgres_bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
cd "$folder"
LC_ALL=C.UTF-8 "${as_server[@]}" "$postgres_bin/initdb" -D data -U atlas --auth=trust --encoding=UTF8 >/dev/null
# Durability is of no use to a cluster that lives for one command.
"${as_server[@]}" "$postgres_bin/pg_ctl" -D data -w -l "$folder/log" start \
  -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off" \
  >/dev/null || { cat "$folder/log" >&2; exit 1; }
cd "$OLDPWD"

DATABASE_URL="postgres://atlas@127.0.0.1:$port/postgres"
export DATABASE_URL
echo "Server database: $("$postgres_bin/postgres" --version), port $port"
"$@"
