#!/usr/bin/env bash
# usage: install.sh
# Installs what the stories of the containers need, unless it is there: an engine, a registry, what makes stand-ins for base
# images, and Compose. For Debian 12, whose own Compose is too old: the package of the next Debian is fetched, checked by apt
# against Debian's keys from the mirror that this machine uses, and its one program unpacked where the docker command looks for plugins.
set -euo pipefail

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -E "$@"; fi; }

packages() {
  local missing=() name
  for name in dockerd:docker.io docker-registry:docker-registry mmdebstrap:mmdebstrap ip:iproute2 iptables:iptables redis-server:redis-server; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${name%%:*}" >/dev/null || missing+=("${name##*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  as_root apt-get update -qq
  # The packages would start servers of their own; the stories start theirs.
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

compose() {
  docker compose version >/dev/null 2>&1 && return
  local plugins=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins work mirror
  work=$(mktemp -d)
  trap 'rm -rf "$work"' RETURN
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/*$')
  mkdir -p "$work"/lists/partial "$work"/cache/archives/partial "$plugins"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" > "$work/sources.list"
  local options=(-qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o Acquire::Languages=none -o "APT::Sandbox::User=$(id -un)")
  apt-get "${options[@]}" update
  (cd "$work" && apt-get "${options[@]}" download docker-compose && dpkg-deb -x docker-compose_*.deb unpacked)
  install -m 755 "$work/unpacked/usr/libexec/docker/cli-plugins/docker-compose" "$plugins/docker-compose"
  docker compose version
}

packages
compose
