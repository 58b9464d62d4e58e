import { expect, it } from "vitest";
import { createLog } from "./log.ts";
import { startPresence } from "./presence.ts";

const facts = { region: "fra", version: "1.0.0", slots: 2 };

it("tells that it is there again and again, and last that it goes", async () => {
  const told: boolean[] = [];
  const arrive: (() => void)[] = [];
  const edge = {
    giveSign: ({ leaving }: { leaving: boolean }) =>
      new Promise<void>((resolve) => {
        // A sign arrives when the test lets it.
        arrive.push(() => {
          told.push(leaving);
          resolve();
        });
      }),
  };
  const presence = startPresence(edge, facts, createLog("fatal", {}), 5);
  while (arrive.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  const left = presence.leave();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const farewell = () => arrive.length;
  const signs = farewell();
  for (const one of arrive) one();
  while (farewell() === signs) await new Promise((resolve) => setTimeout(resolve, 1));
  arrive.at(-1)?.();
  await left;
  expect(told).toEqual([...Array(signs).fill(false), true]);
});

it("goes on though nobody hears", async () => {
  let asked = 0;
  const edge = {
    giveSign: async () => {
      asked++;
      throw new Error("nobody there");
    },
  };
  const presence = startPresence(edge, facts, createLog("fatal", {}), 1);
  while (asked < 4) await new Promise((resolve) => setTimeout(resolve, 1));
  await presence.leave();
});
