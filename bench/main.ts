/** `npm run bench -- <name> [options]` */
const benches: Record<string, () => Promise<{ run(args: string[]): Promise<void> }>> = {
  api: () => import("./api.ts"),
  film: () => import("./film.ts"),
  alignment: () => import("./alignment.ts"),
  captions: () => import("./captions.ts"),
  lengths: () => import("./lengths.ts"),
  jobs: () => import("./jobs.ts"),
  live: () => import("./live.ts"),
  queues: () => import("./queues.ts"),
  answers: () => import("./answers.ts"),
  autoscale: () => import("./autoscale.ts"),
};

const [name = "", ...args] = process.argv.slice(2);
const bench = benches[name];
if (!bench) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join(" | ")}`);
  process.exit(2);
}
await (await bench()).run(args);
