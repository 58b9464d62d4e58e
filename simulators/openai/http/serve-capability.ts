import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Request, RequestHandler, Response } from "express";
import { asWordFault, type Fault, isBilled } from "../control.ts";
import type { Call, Capability } from "../ledger.ts";
import type { SimulatorState } from "../state.ts";
import { VendorError } from "./envelope.ts";
import { damageReply, throwFault } from "./faults.ts";
import type { PreparedCall, Reply } from "./prepared-call.ts";
import { ReplyMemory } from "./remember-replies.ts";

const memory = new ReplyMemory(96 * 1024 * 1024);

/**
 * The handler of every paid call: validate, draw a fault, bill, work, wait for the latency, reply. `prepare`
 * throws a VendorError for an invalid request; such a call is not billed.
 */
export function serveCapability(
  { control, ledger }: SimulatorState,
  capability: Capability,
  prepare: (req: Request) => PreparedCall | Promise<PreparedCall>,
): RequestHandler {
  return async (req, res) => {
    const startedAt = performance.now();
    const prepared = await prepare(req);
    const fingerprint = createHash("sha256").update(`${capability}\n${prepared.shape}`).digest("hex");
    const fault = control.drawFault(capability, fingerprint, prepared.shape);
    const call = ledger.open(capability, fingerprint, !fault || isBilled(fault.kind), fault?.kind ?? null);
    const signal = watchClient(res, call, startedAt);
    const holdMs = control.latencyMs(capability);
    // For the tests' proxy; no real provider sends this header.
    if (fault) res.set("x-simulator-fault", fault.kind);
    try {
      if (fault && !isBilled(fault.kind)) return throwFault(fault, res);
      const wordFault = asWordFault(fault);
      const key = wordFault ? `${fingerprint}/${wordFault}` : fingerprint;
      const known = memory.get(key);
      const work = known ? Promise.resolve(known) : prepared.work(signal, wordFault);
      const [reply] = await Promise.all([work, sleep(holdMs, undefined, { signal })]);
      memory.set(key, reply);
      call.said = reply.said ?? null;
      if (signal.aborted) return;
      await send(res, fault, reply);
    } catch (thrown) {
      if (signal.aborted) return;
      call.billed = false;
      throw thrown;
    }
  };
}

async function send(res: Response, fault: Fault | null, reply: Reply): Promise<void> {
  if (fault?.kind === "timeout_after_charge") return;
  const { contentType, body } = fault ? await damageReply(fault, reply, res) : reply;
  res.status(200).set("content-type", contentType).set("content-length", String(body.length));
  if (fault?.kind !== "half_body") return void res.end(body);
  res.write(body.subarray(0, Math.floor(body.length / 2)), () => res.destroy());
}

function watchClient(res: Response, call: Call, startedAt: number): AbortSignal {
  const gone = new AbortController();
  res.once("close", () => {
    call.ms = Math.round(performance.now() - startedAt);
    if (res.headersSent) call.status = res.statusCode;
    if (res.writableFinished || call.fault === "half_body" || call.fault === "connection_reset") return;
    call.aborted = true;
    gone.abort(new VendorError(499, "The client closed the connection."));
  });
  return gone.signal;
}
