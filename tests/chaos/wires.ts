/**
 * The proxies of one worker process, to edge, object store and AI provider. They lose calls and write the
 * history.
 */
import { createHash } from "node:crypto";
import { ClaimedJob } from "../../contract/claim.ts";
import { FaultKind, isBilled } from "../../simulators/openai/control.ts";
import type { Cloud } from "./cloud.ts";
import { type Call, type FaultProxy, type Reply, startFaultProxy, type Verdict } from "./fault-proxy.ts";
import type { History, Op, Outcome } from "./history.ts";

export interface WireFaults {
  /** Share of calls to the edge that get lost: half of them as requests, half as replies. */
  edgeLoss: number;
  /** Share of calls to the object store that are refused with 503 or whose reply is lost. */
  storeLoss: number;
  /** Share of calls to the object store that are never answered, or whose answer stops half-way. */
  storeStalls?: number;
}

export interface Wires {
  edge: string;
  store: string;
  openai: string;
  close(): void;
}

export async function layWires(
  worker: string,
  cloud: Cloud,
  history: History,
  faults: WireFaults,
  random: () => number,
): Promise<Wires> {
  const now = () => history.now();
  const reportWith =
    (translate: (call: Call, reply: Reply | null) => Op | null) =>
    (call: Call, reply: Reply | null, outcome: Outcome, since: number, note?: string) => {
      const op = translate(call, reply);
      if (op !== null) history.add(worker, op, outcome, since, note);
    };
  const lose = (share: number): Verdict =>
    random() >= share ? "carry" : random() < 0.5 ? "lose-request" : "lose-reply";
  const proxies: FaultProxy[] = await Promise.all([
    startFaultProxy({
      target: cloud.edgeUrl,
      decide: () => lose(faults.edgeLoss),
      report: reportWith(readEdgeCall),
      now,
    }),
    startFaultProxy({
      target: cloud.edgeUrl,
      decide: ({ method }) => {
        if (random() < (faults.storeStalls ?? 0)) return method === "GET" ? "stall-reply" : "stall";
        if (random() >= faults.storeLoss) return "carry";
        return method === "PUT" && random() < 0.5 ? "lose-reply" : { refuse: 503 };
      },
      report: reportWith(readStoreCall),
      now,
    }),
    startFaultProxy({
      target: cloud.openaiUrl,
      decide: () => "carry",
      report: (call, reply, outcome, since, note) =>
        reportWith(readPurchase)(call, reply, wasRefused(reply) ? "fail" : outcome, since, note),
      reportSocket: (args, outcome, since) => history.add(worker, { op: "buy", args }, outcome, since),
      now,
    }),
  ]);
  const [edge, store, openai] = proxies.map((proxy) => proxy.url) as [string, string, string];
  return { edge, store, openai, close: () => proxies.forEach((proxy) => void proxy.close()) };
}

/** The outcomes of a claim that give the worker a film. */
const given: ReadonlySet<string> = new Set(ClaimedJob.shape.outcome.options);

/** A worker's request to the edge, and the answer. */
export function readEdgeCall({ path, body }: Call, reply: Reply | null): Op | null {
  const message = parse(body);
  const answer = parse(reply?.body);
  const [, job = "", verb] = /^\/internal\/jobs\/([^/]+)\/(claim|progress|pause|release)$/.exec(path) ?? [];
  const attempt = Number(message.attempt);
  if (verb === "claim")
    return {
      op: "claim",
      args: {
        // The edge may give another job of the same queue.
        job: String(answer.job_id ?? job),
        claim: String(message.claim_id),
        attempt: given.has(String(answer.outcome)) ? Number(answer.attempt) : null,
      },
    };
  if (verb === "progress") return { op: "report", args: { job, attempt } };
  if (verb === "release") return { op: "release", args: { job, attempt } };
  if (verb === "pause") return { op: "pause", args: { job, attempt, applied: answer.applied === true } };
  if (!path.endsWith("/video-complete")) return null;
  return {
    op: "complete",
    args: {
      job: String(message.job_id),
      attempt,
      status: String(message.status),
      applied: answer.applied === true,
      sha256: message.sha256 as string | null,
      size: message.size_bytes as number | null,
    },
  };
}

function readStoreCall({ method, path, body }: Call): Op | null {
  const [, key] = /\/dreamreel-media\/([^?]+)/.exec(path) ?? [];
  if (method !== "PUT" || key === undefined) return null;
  return {
    op: "put",
    args: { key: decodeURIComponent(key), sha256: sha256(body), size: body.length },
  };
}

/** The answer says that nothing was done, with any status. */
const wasRefused = (reply: Reply | null) => {
  const fault = FaultKind.safeParse(reply?.headers["x-simulator-fault"]);
  return fault.success && !isBilled(fault.data);
};

/** `what` is the request itself. The answer's bytes are stored, except a storyboard's. */
function readPurchase({ method, path, body }: Call, reply: Reply | null): Op | null {
  // A picture that is answered by its address is fetched.
  if (method !== "POST") return null;
  const capability = path.includes("/images/") ? "picture" : path.includes("/audio/") ? "voice" : "text";
  return {
    op: "buy",
    args: {
      what: sha256(Buffer.concat([Buffer.from(path), body])).slice(0, 16),
      capability,
      content: reply === null || reply.status >= 400 ? null : contentOf(capability, reply.body),
      fault: (reply?.headers["x-simulator-fault"] as string | undefined) ?? null,
    },
  };
}

function contentOf(capability: string, body: Buffer): string | null {
  if (capability === "text") return null;
  if (capability === "voice") return sha256(body);
  const [picture] = (parse(body).data ?? []) as { b64_json?: string }[];
  const base64 = picture?.b64_json?.replace(/^data:[^,]*,/, "");
  return base64 ? sha256(Buffer.from(base64, "base64")) : null;
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

function parse(body: Buffer | undefined): Record<string, unknown> {
  try {
    return JSON.parse(body?.toString("utf8") ?? "{}") as Record<string, unknown>;
  } catch {
    return {};
  }
}
