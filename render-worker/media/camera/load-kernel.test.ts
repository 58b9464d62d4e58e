import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { drawsKnownFrames } from "./check-kernel.ts";
import { findKernel, type LoadedKernel } from "./load-kernel.ts";

const loader = JSON.stringify(new URL("./load-kernel.ts", import.meta.url).href);
const checker = JSON.stringify(new URL("./check-kernel.ts", import.meta.url).href);

/** The kernel that a Node with these V8 options loads, and its checksum of the known frames. */
function loadIn(...options: string[]): { build: LoadedKernel["build"]; sum: number } {
  const script = `
    const { build, module } = (await import(${loader})).findKernel();
    const { sumKnownFrames } = await import(${checker});
    console.log(JSON.stringify({ build, sum: sumKnownFrames(module) }));`;
  const args = [...options, "--input-type=module", "--eval", script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

describe("the camera's kernel", () => {
  it("is used with relaxed SIMD where that draws known frames right", () => {
    expect(findKernel()?.build).toBe("relaxed");
  });

  it("draws the same bytes without relaxed SIMD", () => {
    const plain = readFileSync(new URL("../../../build/camera-plain.wasm", import.meta.url));
    expect(drawsKnownFrames(new WebAssembly.Module(plain))).toBe(true);
  });

  it.runIf(process.arch === "x64")(
    "is used without relaxed SIMD where V8's baseline compiler draws wrong frames",
    () => {
      const usual = loadIn();
      expect(usual.build).toBe("relaxed");
      expect(loadIn("--no-enable-avx")).toEqual({ ...usual, build: "plain" });
      expect(loadIn("--no-enable-avx", "--no-liftoff")).toEqual(usual);
    },
  );
});
