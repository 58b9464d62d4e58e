# The render worker. Plain on purpose: every step also runs by hand on Debian 12, and tests/deploy/image.test.ts does.
#
#   docker build -t dreamreel-worker .
#   docker run --read-only --tmpfs /scratch:uid=1000,gid=1000,size=4g --env-file worker.env -p 8080:8080 dreamreel-worker

# The camera's kernel: TypeScript in, twice 2 KB of WebAssembly out. Nothing else of this stage is kept.
FROM node:24.21.0-bookworm-slim AS kernel
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=optional --ignore-scripts --no-audit --no-fund
COPY render-worker/media/camera/kernel render-worker/media/camera/kernel
RUN npm run --silent build:kernel

FROM node:24.21.0-bookworm-slim
# ffmpeg stays unpinned within Debian 12, so that a rebuild brings its security fixes; the doctor below refuses one that
# is too old or lacks a filter, an encoder or a script's font.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg fontconfig fonts-noto-core fonts-noto-cjk fonts-symbola \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Types and source maps are two thirds of what npm brings; Node reads none of them below node_modules.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f -regex '.*\.\([cm]?ts\|map\)' -delete
COPY --from=kernel /build/build build
COPY contract contract
COPY render-worker render-worker
COPY command-line command-line
COPY doctor doctor
# The code belongs to root and the process is not root: it can write to /scratch and nowhere else.
RUN install -d -o node -g node /scratch
ENV NODE_ENV=production PORT=8080 SCRATCH_DIR=/scratch
# 130 MB less for Node: V8 keeps 6 MB of young objects instead of 48, and glibc gives a plate's memory back once it is freed.
ENV NODE_OPTIONS=--max-semi-space-size=2 MALLOC_MMAP_THRESHOLD_=262144
USER node
RUN ["node", "doctor/main.ts", "--image"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Exec form: Node is PID 1 and gets the signals itself.
CMD ["node", "render-worker/main.ts"]
