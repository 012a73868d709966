# syntax=docker/dockerfile:1
# Written without a container engine at hand: nothing here has been built yet. If you build it, please tell us.
#
# Debian, not Alpine: the embedded Postgres has no binaries for musl.
# The digest is that of the multi-platform index; Dependabot moves it.
ARG NODE_IMAGE=node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

# Install scripts stay on: the package with the Postgres binaries makes its library links in one.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM ${NODE_IMAGE}
# One arena: the C library's allocator keeps one for each thread otherwise (docs/operating.md).
ENV NODE_ENV=production PORT=3000 SLIPWAY_DATA_DIR=/data MALLOC_ARENA_MAX=1
WORKDIR /app
# Owned by root and not writable by the process: what it may write is /data.
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json app.yml LICENSE ./
COPY bin ./bin
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 3000
# Postgres and the drain of what is under way need their time; orchestrators that stop harder than this lose nothing,
# they only wait longer at the next start.
STOPSIGNAL SIGTERM
# /healthz says that the process is up. For readiness (database reachable, migrations done) use /readyz.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# node is process 1 and gets the signals itself: no npm, no shell in between.
# A small young generation of the heap: less memory at rest (docs/measurements.md has what it comes to).
CMD ["node", "--max-semi-space-size=2", "dist/main.js"]
