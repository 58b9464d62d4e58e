/**
 * The presence connections of the workers' processes, as hibernating WebSockets, and the workers that are
 * gone: their connection ended, and they have a few seconds to show that they live.
 */
import { presence } from "../../contract/limits.ts";
import type { GoneWorker } from "../store/lapses.ts";

interface Attachment {
  workerId: string;
  process: string;
  openedMs: number;
}

/** A worker closes its connection with this code after it has ended or handed back all its jobs. */
const normalClosure = 1000;
/** The connection was silent. @source RFC 6455, 7.4.2: 4000-4999 are for private use */
const silentClosure = 4000;

const silentMs = presence.silentSeconds * 1000;
const graceMs = presence.graceSeconds * 1000;

/** Names a gone worker in the object's storage. The rows outlive hibernation. */
const prefix = "gone:";

export class Connections {
  readonly #ctx: DurableObjectState;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** Gives the client's end of a new connection. It replaces an older one of the same process. */
  open(worker: { workerId: string; process: string }, nowMs: number): WebSocket {
    const { 0: client, 1: server } = new WebSocketPair();
    for (const older of this.#ctx.getWebSockets(worker.process)) older.close(normalClosure, "replaced");
    server.serializeAttachment({ ...worker, openedMs: nowMs } satisfies Attachment);
    this.#ctx.acceptWebSocket(server, [worker.process, workerTag(worker.workerId)]);
    return client;
  }

  /** Makes these workers report all their jobs. */
  askForReports(workerIds: readonly string[]): void {
    const sockets = [...new Set(workerIds)].flatMap((id) => this.#ctx.getWebSockets(workerTag(id)));
    for (const socket of sockets.filter(isOpen)) socket.send(presence.askForReports);
  }

  /**
   * Notes that a connection has ended. Gives the time from which its worker is gone; null if the worker has
   * no jobs left, or another connection.
   */
  async end(socket: WebSocket, code: number, nowMs: number): Promise<number | null> {
    const { workerId, process } = socket.deserializeAttachment() as Attachment;
    const others = this.#ctx.getWebSockets(process).filter((other) => other !== socket && isOpen(other));
    if (code === normalClosure || others.length > 0) return null;
    await this.#note(process, { workerId, sinceMs: nowMs });
    return nowMs + graceMs;
  }

  /**
   * Ends the connections that have been silent for too long. Their workers are gone since now and not since
   * the last ping: a worker that lives sees the end and reports its jobs.
   */
  async endSilent(nowMs: number): Promise<void> {
    for (const socket of this.#ctx.getWebSockets().filter(isOpen)) {
      const { workerId, process, openedMs } = socket.deserializeAttachment() as Attachment;
      const heardMs = this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? openedMs;
      if (nowMs - heardMs <= silentMs) continue;
      await this.#note(process, { workerId, sinceMs: nowMs });
      socket.close(silentClosure, "silent");
    }
  }

  /** The workers whose time is over, by the names of their processes, and when that of the next one is. */
  async gone(nowMs: number): Promise<{ due: Map<string, GoneWorker>; nextMs: number | null }> {
    const all = await this.#ctx.storage.list<GoneWorker>({ prefix });
    const due = new Map([...all].filter(([, { sinceMs }]) => sinceMs + graceMs <= nowMs));
    const later = [...all.values()].map(({ sinceMs }) => sinceMs + graceMs).filter((at) => at > nowMs);
    return { due, nextMs: later.length === 0 ? null : Math.min(...later) };
  }

  /** Forgets workers that `gone` gave. */
  async forget(gone: ReadonlyMap<string, GoneWorker>): Promise<void> {
    if (gone.size > 0) await this.#ctx.storage.delete([...gone.keys()].slice(0, mostKeys));
  }

  /** When to look for silent connections again; infinity without connections. */
  lookMs(nowMs: number): number {
    const isNeeded = this.#ctx.getWebSockets().some(isOpen);
    return isNeeded ? nowMs + presence.lookSeconds * 1000 : Number.POSITIVE_INFINITY;
  }

  /** A process has one row: the earliest end counts. */
  async #note(process: string, worker: GoneWorker): Promise<void> {
    const known = await this.#ctx.storage.get<GoneWorker>(prefix + process);
    if (known === undefined) await this.#ctx.storage.put(prefix + process, worker);
  }
}

/** @source developers.cloudflare.com/durable-objects/api/storage-api: 128 keys a call */
const mostKeys = 128;

/** @source developers.cloudflare.com/durable-objects/api/state: a tag has 256 characters at most */
const workerTag = (workerId: string) => `worker:${workerId}`;

const isOpen = ({ readyState }: WebSocket) => readyState === WebSocket.OPEN;
