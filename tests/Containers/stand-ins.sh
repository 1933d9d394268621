#!/usr/bin/env bash
# usage: stand-ins.sh [IMAGE...]
# Makes stand-ins for the official base images where no public image can be pulled, and tags them with the names that the
# Dockerfiles use: those stay byte for byte what users build. A name that the engine already has is left alone.
set -euo pipefail
[ "$(id -u)" = 0 ] || exec sudo -E "$0" "$@"
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

argument() { sed -n "s/^ARG $1=//p" "$repository"/deploy/docker/*.Dockerfile | sort -u; }
absent() { ! docker image inspect "$1" >/dev/null 2>&1; }

# A build behind a campus proxy needs the machine's own certificate authorities; so do the stand-ins.
trusted=/etc/ssl/certs/ca-certificates.crt
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")

download() { # PACKAGE...
  mkdir -p "$work/debs"
  (cd "$work/debs" && { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; })
}

program() { # DIRECTORY FILE...: programs and the libraries that they need
  local into=$1 library; shift
  mkdir -p "$into/usr/local/bin"
  cp "$@" "$into/usr/local/bin/"
  { ldd "$@" || true; } | grep -o '/[^ ]*\.so[^ ]*' | sort -u |
    while read -r library; do mkdir -p "$into$(dirname "$library")"; cp -L "$library" "$into$library"; done
}

packages() { # DIRECTORY PACKAGE...: the packages' files and their dpkg records, nothing else (as chisel does)
  local into=$1 name; shift
  mkdir -p "$into/var/lib/dpkg"
  download "$@"
  for name in "$@"; do
    dpkg -x "$work/debs/$name"_*.deb "$into"
    dpkg-deb -f "$work/debs/$name"_*.deb | sed '/^Package:/a Status: install ok installed'
    echo
  done > "$into/var/lib/dpkg/status"
  rm -rf "$into"/usr/share/{doc,man,locale,lintian,bash-completion} "$into"/{,usr/}sbin "$into"/{,usr/}bin
}

import() { # IMAGE DIRECTORY CHANGE...
  local image=$1 directory=$2 changes; shift 2; changes=("$@")
  tar -c --numeric-owner --sort=name --mtime=@0 -C "$directory" . | docker import "${changes[@]/#/--change=}" - "$image" >/dev/null
  echo "$image: stand-in" >&2
}

runtime_rootfs() {
  local root=$work/runtime
  packages "$root" libc6 libgcc-s1 libstdc++6 libssl3 zlib1g tzdata base-files
  mkdir -p "$root"/{tmp,etc/ssl/certs,usr/bin,home/app,usr/share/dotnet}
  chmod 1777 "$root/tmp"; chown 1654:1654 "$root/home/app"
  cp "$trusted" "$root/etc/ssl/certs/ca-certificates.crt"
  printf 'root:x:0:0:root:/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n' > "$root/etc/passwd"
  printf 'root:x:0:\napp:x:1654:\n' > "$root/etc/group"
  cp -r /usr/share/dotnet/{dotnet,host,shared} "$root/usr/share/dotnet/"
  ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
}

build_rootfs() { # what compiling needs: a shell, coreutils and the SDK's native dependencies
  [ -d "$work/build" ] && return
  mmdebstrap -q --variant=minbase --include=ca-certificates,libicu72,libssl3,libstdc++6,zlib1g,tzdata "$suite" "$work/build"
  cp "$trusted" "$work/build/etc/ssl/certs/ca-certificates.crt"
  rm -rf "$work/build"/{dev,proc,sys} "$work/build/var/cache/apt" "$work/build/var/lib/apt/lists"
}

for image in ${*:-$(argument SDK_IMAGE) $(argument RUNTIME_IMAGE) $(argument NODE_IMAGE) $(argument REDIS_IMAGE)}; do
  absent "$image" || continue
  case $image in
    */dotnet/sdk:*)
      build_rootfs
      cp -r /usr/share/dotnet "$work/build/usr/share/dotnet"
      ln -s ../share/dotnet/dotnet "$work/build/usr/bin/dotnet"
      # The official image has this user too.
      printf 'app:x:1654:1654::/home/app:/bin/sh\n' >> "$work/build/etc/passwd"
      printf 'app:x:1654:\n' >> "$work/build/etc/group"
      mkdir -p "$work/build/home/app"; chown 1654:1654 "$work/build/home/app"
      import "$image" "$work/build" "ENV SSL_CERT_FILE=$trusted" \
        "ENV "{DOTNET_NOLOGO=true,DOTNET_CLI_TELEMETRY_OPTOUT=true,NUGET_XMLDOC_MODE=skip,NUGET_CERT_REVOCATION_MODE=offline}
      rm -rf "$work/build"/usr/{share,bin}/dotnet "$work/build/home/app" ;;
    */dotnet/aspnet:*)
      runtime_rootfs
      import "$image" "$work/runtime" "USER 1654" \
        "ENV "{APP_UID=1654,ASPNETCORE_HTTP_PORTS=8080,DOTNET_RUNNING_IN_CONTAINER=true,DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true} ;;
    */node:*)
      build_rootfs
      mkdir -p "$work/build/usr/lib/node_modules"
      cp "$(readlink -f "$(command -v node)")" "$work/build/usr/bin/node"
      cp -r "$(npm root -g)/npm" "$work/build/usr/lib/node_modules/npm"
      ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/build/usr/bin/npm"
      import "$image" "$work/build" "ENV SSL_CERT_FILE=$trusted" "ENV NODE_EXTRA_CA_CERTS=$trusted" ;;
    */redis:*)
      mkdir -p "$work/redis"/{data,tmp,etc}
      program "$work/redis" "$(command -v redis-server)" "$(command -v redis-cli)"
      chmod 1777 "$work/redis/tmp"; chown 999:999 "$work/redis/data"
      import "$image" "$work/redis" "WORKDIR /data" "VOLUME /data" 'CMD ["redis-server"]' "USER 999" \
        "ENV PATH=/usr/local/bin" ;;
    */registry:*)
      mkdir -p "$work/registry"/{bin,tmp,etc/docker/registry,var/lib/registry}
      program "$work/registry" "$(command -v docker-registry)"
      mv "$work/registry/usr/local/bin/docker-registry" "$work/registry/bin/registry"
      download busybox-static
      dpkg -x "$work"/debs/busybox-static_*.deb "$work/busybox"
      cp "$work/busybox/bin/busybox" "$work/registry/bin/wget"
      import "$image" "$work/registry" 'ENTRYPOINT ["registry","serve"]' 'CMD ["/etc/docker/registry/config.yml"]' \
        "VOLUME /var/lib/registry" "EXPOSE 5000" "ENV PATH=/bin" ;;
    *) echo "$image: no stand-in is known" >&2; exit 1 ;;
  esac
done
