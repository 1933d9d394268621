#!/usr/bin/env bash
# usage: engine.sh start DIRECTORY | engine.sh stop DIRECTORY
# A Docker engine of its own in DIRECTORY: data, socket, bridge, log. It never touches an engine that is not ours; start
# prints the value for DOCKER_HOST. Needs dockerd (package docker.io) and root.
set -euo pipefail
[ "$(id -u)" = 0 ] || exec sudo -E "$0" "$@"
verb=$1 directory=$2
bridge=provost$(( $(printf '%s' "$directory" | cksum | cut -d' ' -f1) % 10000 ))

start() {
  command -v dockerd >/dev/null || { echo "dockerd is not installed: install the package docker.io" >&2; exit 1; }
  mkdir -p "$directory"
  # A network of its own: two engines cannot share the default bridge.
  local subnet=172.29.$(( $(printf '%s' "$directory" | cksum | cut -d' ' -f1) % 250 )).1/24
  ip link add "$bridge" type bridge 2>/dev/null || true
  ip address replace "$subnet" dev "$bridge"
  ip link set "$bridge" up
  setsid dockerd --data-root "$directory/data" --exec-root "$directory/exec" --pidfile "$directory/pid" \
    --host "unix://$directory/docker.sock" --bridge "$bridge" --log-level warn </dev/null >"$directory/log" 2>&1 &
  for _ in $(seq 150); do
    DOCKER_HOST=unix://$directory/docker.sock docker version >/dev/null 2>&1 && { echo "unix://$directory/docker.sock"; return; }
    sleep 0.2
  done
  echo "the engine did not start:" >&2; tail -n 20 "$directory/log" >&2
  stop; exit 1
}

stop() {
  local pid
  pid=$(cat "$directory/pid" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
  ip link delete "$bridge" 2>/dev/null || true
  for mount in $(awk -v under="$directory/" 'index($2, under) == 1 { print $2 }' /proc/mounts | sort -r); do umount "$mount" || true; done
  rm -rf "$directory"
}

"$verb"
