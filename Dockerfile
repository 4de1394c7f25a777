FROM node:24-bookworm-slim AS build
WORKDIR /hearth
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev && rm -rf node_modules/node-*/bin .svelte-kit tests

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 HEARTH_DATA=/data
WORKDIR /hearth
RUN mkdir /data && chown node:node /data
COPY --from=build --chown=node:node /hearth /hearth
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --start-period=60s CMD node -e "fetch('http://127.0.0.1:' + (process.env.PORT ?? 3000) + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
CMD ["node", "bin/hearth.js", "start"]
