# The bundle comes from wasm-builder.Dockerfile, built first.
ARG BUNDLE_IMAGE=provost/wasm-builder:0.0.0
ARG REDIS_IMAGE=docker.io/library/redis:7.4.7-bookworm
ARG NODE_IMAGE=docker.io/library/node:22.21.1-bookworm-slim
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled

# Restore and compile: these stages are the same in every Dockerfile here, so they are built once for all images.
FROM ${SDK_IMAGE} AS projects
WORKDIR /source
COPY src src
RUN find src -type f ! -name '*.csproj' ! -name '*.props' ! -name 'package*.json' -delete

FROM ${SDK_IMAGE} AS restore
# A compiler that ends after a minute gains nothing from compiling itself again: that was a third of a build's time.
ENV DOTNET_TieredPGO=0 DOTNET_TC_CallCountThreshold=1000
WORKDIR /source
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY --from=projects /source/src src
COPY deploy/docker/images.slnx ./
RUN dotnet restore images.slnx

FROM restore AS compile
ARG VERSION=0.0.0
ARG REVISION=unknown
COPY src src
# One processor: the generator of log messages orders its classes by chance otherwise (dotnet/runtime#119587).
RUN DOTNET_PROCESSOR_COUNT=1 dotnet build images.slnx -c Release --no-restore -p:ShouldUnsetParentConfigurationAndPlatform=false -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false \
      -p:UseSharedCompilation=false -p:MinVerVersionOverride=${VERSION} -p:SourceRevisionId=${REVISION} -p:IsTransformWebConfigDisabled=true

# The embedded ClickHouse, by its lock file.
FROM ${NODE_IMAGE} AS engine
WORKDIR /engine
COPY src/platform/Stores/package.json src/platform/Stores/package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${BUNDLE_IMAGE} AS bundle

# The server that opens copies of what such a server wrote, with the libraries that the runtime image has not.
FROM ${REDIS_IMAGE} AS redis

FROM ${SDK_IMAGE} AS server
COPY --from=redis / /redis
RUN mkdir -p /server/bin /server/lib \
 && cp /redis/usr/local/bin/redis-server /server/bin/ \
 && folders=/redis/usr/local/lib:/redis/usr/lib/x86_64-linux-gnu:/redis/lib/x86_64-linux-gnu:/redis/usr/lib:/redis/lib \
 && /lib64/ld-linux-x86-64.so.2 --library-path "$folders" --list /server/bin/redis-server | sed -n 's|.*=> \(/redis/[^ ]*\).*|\1|p' \
  | grep -Ev '/(libc|libm|libdl|librt|libpthread|libgcc_s|libstdc\+\+|libssl|libcrypto|libz)\.so' | while read -r library; do cp -L "$library" /server/lib/; done \
 && version=$(/lib64/ld-linux-x86-64.so.2 --library-path "$folders" /server/bin/redis-server --version | sed -n 's/.* v=\([0-9.]*\) .*/\1/p') && test -n "$version" \
 && mkdir -p /server/share/components \
 && printf '{"name":"redis-server","version":"%s","files":["usr/local/bin/redis-server"]}\n' "$version" > /server/share/components/redis-server.json \
 && mkdir /links && ln -s /engine/libchdb.so /links/libchdb.so

FROM compile AS build
ARG VERSION=0.0.0
ARG REVISION=unknown
RUN for project in platform/Api platform/Gateway platform/Stores platform/WebHost ops/Cli; do \
      dotnet publish src/$project/${project#*/}.csproj -c Release --no-build -o /release/${project#*/} -p:ContinuousIntegrationBuild=true \
        -p:MinVerVersionOverride=${VERSION} -p:SourceRevisionId=${REVISION} \
        -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false -p:IsTransformWebConfigDisabled=true || exit 1; \
    done \
 && find /release -path '*/runtimes/*' -type f ! -path '*/runtimes/linux-x64/*' ! -path '*/runtimes/unix/*' -delete \
 && find /release -type d -empty -delete \
 && mv /release/Cli /app && touch /release/.complete \
 && mkdir -p /provost/secrets/api /provost/secrets/operator /repositories

FROM ${RUNTIME_IMAGE}
ARG RUNTIME_IMAGE
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="Provost backup" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"

# With its package.json, for the bill of materials; a release has the library at its root.
COPY --from=engine /engine/node_modules/@chdb/lib-linux-x64-gnu /engine
COPY --from=server /links /release
COPY --from=server /server /usr/local
COPY --from=bundle /bundle /release/Web
COPY --from=build /release /release
COPY --from=build /app /app
# Volumes are filled from here when they are new, and so belong to this user.
COPY --from=build --chown=1654:1654 /provost /provost
COPY --from=build --chown=1654:1654 /repositories /repositories
ENV LD_LIBRARY_PATH=/usr/local/lib \
    DOTNET_EnableDiagnostics_IPC=0
VOLUME /provost /repositories
USER 1654:1654
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/app/provost", "agent", "healthcheck"]
ENTRYPOINT ["/app/provost"]
