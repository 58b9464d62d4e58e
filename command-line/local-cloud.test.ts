import { expect, it } from "vitest";
import { readLocalPlace } from "./local-cloud.ts";

it("gives a cloud at another port a state folder of its own", () => {
  const [usual, other] = [readLocalPlace({}), readLocalPlace({ DREAMREEL_PORT: "9000" })];
  expect(usual).toEqual({ port: 8787, stateDir: expect.stringMatching(/[/\\]\.local$/) });
  expect(other).toEqual({ port: 9000, stateDir: expect.stringMatching(/[/\\]\.local[/\\]9000$/) });
});

it("obeys DREAMREEL_STATE", () => {
  expect(readLocalPlace({ DREAMREEL_STATE: "/srv/dreams", DREAMREEL_PORT: "9000" })).toEqual({
    ...{ port: 9000, stateDir: "/srv/dreams" },
  });
});

it.each(["http", "0", "65533", "-1", "80.5"])("refuses the port %s", (port) => {
  expect(() => readLocalPlace({ DREAMREEL_PORT: port })).toThrow(`DREAMREEL_PORT is ${port}`);
});
