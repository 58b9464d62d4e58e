import { readFileSync } from "node:fs";
import { drawsKnownFrames } from "./check-kernel.ts";

export interface LoadedKernel {
  module: WebAssembly.Module;
  /** "plain" is built without relaxed SIMD: it draws the same bytes in twice the time. */
  build: "relaxed" | "plain";
}

const builds = [
  ["relaxed", new URL("../../../build/camera.wasm", import.meta.url)],
  ["plain", new URL("../../../build/camera-plain.wasm", import.meta.url)],
] as const;

let found: LoadedKernel | null | undefined;

/**
 * The fastest build of the kernel that draws correctly on this runtime. Null if there is none; ffmpeg's
 * filters then move the camera. The result is kept for the process.
 *
 * @throws Error if a build is missing or is no WebAssembly file
 */
export function findKernel(): LoadedKernel | null {
  if (found === undefined) found = tryBuilds();
  return found;
}

function tryBuilds(): LoadedKernel | null {
  for (const [build, file] of builds) {
    const bytes = readFileSync(file);
    if (!WebAssembly.validate(bytes)) continue;
    const module = new WebAssembly.Module(bytes);
    if (drawsKnownFrames(module)) return { module, build };
  }
  return null;
}

/**
 * The module of `findKernel`, or null.
 *
 * @throws Error if a build is missing or is no WebAssembly file
 */
export const loadKernel = (): WebAssembly.Module | null => findKernel()?.module ?? null;
