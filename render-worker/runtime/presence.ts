/**
 * Keeps the presence connection to the edge, whose end tells the edge that this process may be dead. While
 * the connection is lost, and when it is open again, every job has to report, so that the edge sees who
 * lives; also when the edge asks for reports over it. No job depends on it: without it, the leases alone
 * decide.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import { presence as times } from "../../contract/limits.ts";
import { backoffMs } from "../flow/retry.ts";
import type { Logger } from "./log.ts";

export interface PresencePort {
  /** Begins to open the connection of the process with this name. */
  openPresence(process: string): WebSocket;
}

export interface Presence {
  /**
   * Calls `report` whenever the edge may take this process for dead or asks for reports. Returns the function
   * that ends that.
   */
  onAsked(report: () => void): () => void;
  /**
   * Resolves when the connection has opened or failed for the first time, at the latest after `ms`. A worker
   * that takes a job earlier and dies is noticed only by its lease.
   */
  untilTried(ms: number): Promise<void>;
  /** Whether the edge can ask for reports: the connection is open, and the edge has answered lately. */
  isOpen(): boolean;
  /** Closes the connection. Call it when no job is left. */
  leave(): void;
}

const reconnecting = { tries: Number.POSITIVE_INFINITY, baseDelayMs: 250, maxDelayMs: 5_000 };
/** An edge of an earlier version has no such endpoint. */
const olderEdgeMs = 60_000;
/** An edge that has answered within this time hears of the end of the connection. */
const heardLatelyMs = 3 * times.pingSeconds * 1000;
/** An open connection on which the edge answers no ping for so long is lost. */
const unansweredMs = 15_000;
/** @source WebSocket.OPEN of the HTML standard */
const openState = 1;
/** @source RFC 6455, 7.4.1 */
const normalClosure = 1000;

/** Opens the connection, and opens it again whenever it ends, until `leave`. Never throws. */
export function keepPresence(port: PresencePort, log: Logger): Presence {
  const process = randomUUID();
  const listeners = new Set<() => void>();
  let socket: WebSocket | undefined;
  let heardAt = Number.NEGATIVE_INFINITY;
  let tries = 0;
  let lostAt: number | null = null;
  let hasLeft = false;
  let timer: NodeJS.Timeout | undefined;
  let doubting: NodeJS.Timeout | undefined;
  const tried = Promise.withResolvers<void>();

  const report = () => {
    for (const listener of [...listeners]) listener();
  };
  connect();

  function connect(): void {
    const opened = port.openPresence(process);
    socket = opened;
    let pinging: NodeJS.Timeout | undefined;
    let isOld = false;
    opened.on("open", () => {
      tried.resolve();
      heardAt = performance.now();
      opened.send("ping");
      pinging = setInterval(() => {
        if (performance.now() - heardAt > unansweredMs) opened.terminate();
        else opened.send("ping");
      }, times.pingSeconds * 1000);
      const isAgain = lostAt !== null;
      tries = 0;
      lostAt = null;
      clearInterval(doubting);
      if (isAgain) report();
    });
    opened.on("message", (data) => {
      heardAt = performance.now();
      if (String(data) === times.askForReports) report();
    });
    opened.on("unexpected-response", (_, response) => {
      isOld = response.statusCode === 404;
      response.resume();
      opened.terminate();
    });
    opened.on("error", () => {});
    opened.on("close", (code) => {
      tried.resolve();
      clearInterval(pinging);
      if (hasLeft) return;
      if (pinging) lose(code);
      timer = setTimeout(connect, isOld ? olderEdgeMs : backoffMs(reconnecting, ++tries));
    });
  }

  function lose(code: number): void {
    log.warn({ code }, "worker.presence_lost");
    const since = performance.now();
    lostAt = since;
    clearInterval(doubting);
    doubting = setInterval(() => {
      if (performance.now() - since > times.reportForSeconds * 1000) clearInterval(doubting);
      report();
    }, times.reportSeconds * 1000);
    report();
  }

  return {
    untilTried: (ms) => Promise.race([tried.promise, sleep(ms, undefined, { ref: false })]),
    isOpen: () => socket?.readyState === openState && performance.now() - heardAt <= heardLatelyMs,
    onAsked(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    leave() {
      hasLeft = true;
      clearTimeout(timer);
      clearInterval(doubting);
      socket?.close(normalClosure);
    },
  };
}
