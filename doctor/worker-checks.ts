import { findSigningFault, loadLibrary } from "../render-worker/credentials/sign-media.ts";
import { findKernel } from "../render-worker/media/camera/load-kernel.ts";
import type { Environment } from "../render-worker/runtime/environment.ts";
import type { Check } from "./check.ts";
import { checkCallbackSecret } from "./checks/callback-secret.ts";
import { checkConfiguration, readConfig } from "./checks/configuration.ts";
import { checkCredentials } from "./checks/credentials.ts";
import { checkDisk, type DiskPorts } from "./checks/disk.ts";
import { checkEdge } from "./checks/edge.ts";
import { checkFfmpeg, type RunTool } from "./checks/ffmpeg.ts";
import { checkFonts } from "./checks/fonts.ts";
import { checkKernel } from "./checks/kernel.ts";
import { checkModels } from "./checks/models.ts";
import { checkProviders } from "./checks/providers.ts";
import { checkQueues } from "./checks/queue.ts";
import { checkStorage } from "./checks/storage.ts";
import { skip } from "./finding.ts";

export interface WorkerPorts {
  run: RunTool;
  fetch: typeof fetch;
  now(): number;
  disk: DiskPorts;
  platform: NodeJS.Platform;
}

/** The checks of a worker's machine or image. */
export function machineChecks({ run, platform }: Pick<WorkerPorts, "run" | "platform">): Check[] {
  return [checkFfmpeg(run), checkFonts(run, platform), checkKernel(findKernel)];
}

/** The checks of the services in a worker's environment. `from`: the source of `env`, for the messages. */
export function workerChecks(env: Environment, from: string, ports: WorkerPorts): Check[] {
  const configuration = checkConfiguration(env, from);
  const config = readConfig(env);
  if (!config) {
    const rest = [
      ...["disk", "queues", "storage", "AI keys", "models", "content credentials"],
      ...["edge", "callback secret"],
    ];
    return [
      configuration,
      ...rest.map((name) => ({ name, run: async () => skip("needs a valid configuration") })),
    ];
  }
  return [
    configuration,
    checkDisk(config.scratchDir, config.concurrency, ports.disk),
    checkQueues(config.queue),
    checkStorage(config.storage, `written by the doctor at ${new Date(ports.now()).toISOString()}`),
    checkProviders(config.providers, ports.fetch),
    checkModels(config.providers, ports.fetch, ports.now()),
    checkCredentials(config.signing, { loadLibrary, findSigningFault }, ports.now()),
    checkEdge(config.edgeUrl, ports.fetch, ports.now),
    checkCallbackSecret(config.edgeUrl, config.callbackSecret),
  ];
}
