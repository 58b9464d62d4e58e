import { Writable } from "node:stream";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { Measurement, Transient } from "../errors.ts";
import { safeError } from "./log.ts";

function logged(error: unknown): string {
  let text = "";
  const sink = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  pino({ serializers: { error: safeError } }, sink).error({ error }, "x");
  return text;
}

describe("the log", () => {
  it("shows what we say of an error, and what we measured", () => {
    const text = logged(
      new Transient("film.incomplete", "The film was not complete", {
        cause: new Measurement("frames: 3, not 96"),
      }),
    );
    expect(text).toContain("film.incomplete");
    expect(text).toContain("frames: 3, not 96");
  });

  it("never shows a vendor's words, which may quote the dream or a key", () => {
    const vendor = Object.assign(new Error("prompt 'my secret dream' with sk-123 refused"), {
      code: "E_VENDOR",
    });
    const text = logged(
      new Transient("openai.unavailable", "The AI provider has a fault", { cause: vendor }),
    );
    expect(text).not.toContain("secret dream");
    expect(text).not.toContain("sk-123");
  });
});
