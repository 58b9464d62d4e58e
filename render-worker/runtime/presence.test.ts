import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { until } from "../../tests/until.ts";
import { createLog } from "./log.ts";
import { keepPresence, type Presence } from "./presence.ts";

let edge: WebSocketServer;
let asked: string[];
let presence: Presence | undefined;
let refuseWith: number | null;
beforeEach(async () => {
  asked = [];
  refuseWith = null;
  edge = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    verifyClient: (_: unknown, answer: (isIn: boolean, code?: number) => void) =>
      refuseWith === null ? answer(true) : answer(false, refuseWith),
  });
  edge.on("connection", (socket) => {
    socket.on("message", (data) => {
      asked.push(String(data));
      socket.send("pong");
    });
  });
  await once(edge, "listening");
});
afterEach(() => {
  presence?.leave();
  for (const socket of edge.clients) socket.terminate();
  edge.close();
});

function start() {
  const processes: string[] = [];
  const url = `ws://127.0.0.1:${(edge.address() as AddressInfo).port}`;
  const openPresence = (process: string) => {
    processes.push(process);
    return new WebSocket(url);
  };
  presence = keepPresence({ openPresence }, createLog("fatal", {}));
  let reports = 0;
  const end = presence.onAsked(() => reports++);
  return { processes, reports: () => reports, end };
}

it("pings, and makes no job report while the connection is open", async () => {
  const { processes, reports } = start();
  await until(() => asked.length === 2);
  expect(asked).toEqual(["ping", "ping"]);
  expect([processes.length, reports()]).toEqual([1, 0]);
});

it("lets the worker take jobs once the connection is open or has failed, or when the edge does not answer", async () => {
  start();
  await presence?.untilTried(600_000);
  expect(presence?.isOpen()).toBe(true);
  presence?.leave();

  refuseWith = 503;
  start();
  await presence?.untilTried(600_000);
  expect(presence?.isOpen()).toBe(false);
  presence?.leave();

  const silent = keepPresence(
    { openPresence: () => new EventEmitter() as WebSocket },
    createLog("fatal", {}),
  );
  await silent.untilTried(1);
});

it("makes the jobs report when the connection is lost, again and again until it is open, and then once", async () => {
  const { processes, reports, end } = start();
  await until(() => asked.length === 1);
  refuseWith = 503;
  for (const socket of edge.clients) socket.terminate();
  await until(() => reports() === 2);
  refuseWith = null;
  await until(() => asked.length === 2);
  await until(() => reports() >= 3);
  expect(new Set(processes).size).toBe(1);
  const before = reports();
  end();
  for (const socket of edge.clients) socket.terminate();
  await until(() => asked.length === 3);
  expect(reports()).toBe(before);
});

it("makes the jobs report when the edge asks for it, and says whether the edge can ask", async () => {
  const { reports } = start();
  expect(presence?.isOpen()).toBe(false);
  await until(() => presence?.isOpen());
  for (const socket of edge.clients) socket.send("report");
  await until(() => reports() === 1);
  for (const socket of edge.clients) socket.terminate();
  await until(() => !presence?.isOpen());
});

it("says to the edge that it leaves", async () => {
  const { reports } = start();
  await until(() => asked.length === 1);
  const [socket] = edge.clients;
  const closed = once(socket as WebSocket, "close");
  presence?.leave();
  expect((await closed)[0]).toBe(1000);
  expect(reports()).toBe(0);
});
