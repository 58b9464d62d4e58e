/** A cloud of its own with a few real workers, which a test freezes, stops and cuts off one by one. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../until.ts";
import { look, type Submitted, submit } from "./clients.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { entriesOf, History } from "./history.ts";
import { Machine } from "./workers.ts";

/** How long the AI takes, in milliseconds. */
export const slow = { text: 0, voice: 8_000, picture: 8_000 };
export const quick = { text: 0, voice: 0, picture: 0 };

/** True: production's worker; else the worker that makes tiny films. */
export const production = join("render-worker", "main.ts");

export interface FewWorkers {
  cloud: Cloud;
  history: History;
  machines: Machine[];
  /** `faults.edgeLoss` 1 cuts the worker off from the edge, 0 joins them again. */
  newMachine(
    name: string,
    slots: number,
    program?: string,
    faults?: { edgeLoss: number; storeLoss: number },
  ): Machine;
  ask(): Promise<Submitted>;
  claimsBy(machine: Machine): ReturnType<typeof entriesOf<"claim">>;
  untilDone(film: Submitted): Promise<void>;
  /** Kills every worker. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openFewWorkers(): Promise<FewWorkers> {
  const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-few-"));
  const history = new History();
  const machines: Machine[] = [];
  const cloud = await startCloud(stateDir);
  const owner = { name: "alder", key: await cloud.newKey("alder") };
  // As often as on Cloudflare: the sweep finds what the leases' alarm misses.
  const clock = setInterval(() => void cloud.sweep(), 60_000);
  let films = 0;
  const clear = async () => void (await Promise.all(machines.splice(0).map((machine) => machine.kill())));
  return {
    cloud,
    history,
    machines,
    newMachine(name, slots, program, faults = { edgeLoss: 0, storeLoss: 0 }) {
      const machine = new Machine(name, cloud, history, {
        slots,
        faults,
        random: () => 0,
        ...(program ? { program } : {}),
      });
      machines.push(machine);
      return machine;
    },
    ask: () => submit(cloud, history, owner, films++),
    claimsBy: (machine) =>
      entriesOf(history.entries, "claim").filter(
        ({ actor, args }) => actor === machine.workerId && args.attempt !== null,
      ),
    async untilDone(film) {
      await until(async () => (await look(cloud, history, film))?.status === "completed");
    },
    clear,
    async close() {
      clearInterval(clock);
      await clear();
      await cloud.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
