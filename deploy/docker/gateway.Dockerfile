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

FROM compile AS build
ARG VERSION=0.0.0
ARG REVISION=unknown
RUN dotnet publish src/platform/Gateway/Gateway.csproj -c Release --no-build -o /app -p:ContinuousIntegrationBuild=true \
      -p:MinVerVersionOverride=${VERSION} -p:SourceRevisionId=${REVISION} \
      -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false -p:IsTransformWebConfigDisabled=true \
 && find /app -path '*/runtimes/*' -type f ! -path '*/runtimes/linux-x64/*' ! -path '*/runtimes/unix/*' -delete \
 && find /app -type d -empty -delete \
 && mkdir -p /provost/edge

FROM ${RUNTIME_IMAGE}
ARG RUNTIME_IMAGE
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="Provost gateway" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"

COPY --from=build /app /app
# The volume through which the public socket is handed over is filled from here when it is new, and so belongs to this user.
COPY --from=build --chown=1654:1654 /provost /provost
# Nothing is written outside of what is mounted: the root file system may be read-only.
ENV PROVOST_Listen__Http=tcp:0.0.0.0:8080 \
    PROVOST_Listen__Admin=tcp:0.0.0.0:8081 \
    PROVOST_Service__Release=${VERSION}+${REVISION} \
    DOTNET_EnableDiagnostics_IPC=0
USER 1654:1654
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/app/Provost.Gateway", "healthcheck"]
ENTRYPOINT ["/app/Provost.Gateway"]
