import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Request, RequestHandler, Response } from "express";
import { type Fault, isBilled } from "../control.ts";
import type { Call, Capability } from "../ledger.ts";
import type { StandIn } from "../server.ts";
import { VendorError } from "./envelope.ts";
import { throwFault, twistAnswer } from "./faults.ts";
import { AnswerMemory } from "./remember-answers.ts";

export interface Answer {
  contentType: string;
  body: Buffer;
}

/** A checked request, ready to be worked on. `shape` is all that shapes the answer. */
export interface Order {
  shape: string;
  work(signal: AbortSignal): Promise<Answer>;
}

const memory = new AnswerMemory(96 * 1024 * 1024);

/**
 * The way every paid call takes: check, strike, bill, work, wait out the latency, answer.
 * `prepare` throws a VendorError for a request that is at fault itself; such a call is not billed.
 */
export function serveCapability(
  { control, ledger }: StandIn,
  capability: Capability,
  prepare: (req: Request) => Order | Promise<Order>,
): RequestHandler {
  return async (req, res) => {
    const startedAt = performance.now();
    const order = await prepare(req);
    const fingerprint = createHash("sha256").update(`${capability}\n${order.shape}`).digest("hex");
    const fault = control.strike(capability, fingerprint, order.shape);
    const call = ledger.open(capability, fingerprint, !fault || isBilled(fault.kind), fault?.kind ?? null);
    const signal = watchClient(res, call, startedAt);
    const holdMs = control.latencyMs(capability);
    try {
      if (fault && !isBilled(fault.kind)) return throwFault(fault, res);
      const known = memory.recall(fingerprint);
      const work = known ? Promise.resolve(known) : order.work(signal);
      const [answer] = await Promise.all([work, sleep(holdMs, undefined, { signal })]);
      memory.keep(fingerprint, answer);
      if (signal.aborted) return;
      send(res, fault, answer);
    } catch (thrown) {
      if (signal.aborted) return;
      call.billed = false;
      throw thrown;
    }
  };
}

function send(res: Response, fault: Fault | null, answer: Answer): void {
  if (fault?.kind === "timeout_after_charge") return;
  const twisted = fault ? twistAnswer(fault.kind, answer) : answer;
  res.status(200).set("content-type", twisted.contentType).set("content-length", String(twisted.body.length));
  if (fault?.kind !== "half_body") return void res.end(twisted.body);
  res.write(twisted.body.subarray(0, Math.floor(twisted.body.length / 2)), () => res.destroy());
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
