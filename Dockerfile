# syntax=docker/dockerfile:1

# Debian, not Alpine: Temporal's native core (@temporalio/core-bridge) is built against glibc.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app

# Dependencies change seldom, so they have a layer of their own. Without scripts: `prepare` builds, and there is
# nothing to build yet. The native core comes prebuilt in its package.
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts

COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY sandbox ./sandbox
COPY tools/temporal-cli ./tools/temporal-cli
COPY src ./src
COPY policies ./policies
COPY examples ./examples
COPY nightshift.example.yaml ./
RUN npm run build

# Only what runs: no development dependencies, and the native core of this platform alone (of five, 27 MB each).
RUN npm prune --omit=dev --ignore-scripts \
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +


FROM node:20.20.2-bookworm-slim AS runtime

# The native core trusts the system's certificates, of which the slim image has none. tini reaps and passes signals on.
# gpgv checks what package mirrors have signed.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates tini gpgv \
 && rm -rf /var/lib/apt/lists/*

ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
# What the package holds ("files" in package.json).
COPY --from=build /app/tools/temporal-cli ./tools/temporal-cli
COPY --from=build /app/schema ./schema
COPY --from=build /app/policies ./policies
COPY --from=build /app/examples ./examples
COPY --from=build /app/nightshift.example.yaml ./nightshift.example.yaml
COPY --from=build /app/dist ./dist

# nightshift.yaml and policies/ are mounted here.
WORKDIR /etc/nightshift
# uid 1000, from the base image. Nothing under /app is its own.
USER node

# Healthy means that Temporal sees this very container polling the task queue.
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 \
  CMD ["node", "/app/dist/src/telemetry/health-check.js"]

ENTRYPOINT ["tini", "--", "node", "/app/dist/src/cli/main.js"]
CMD ["worker"]
