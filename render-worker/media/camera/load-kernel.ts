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
 * The fastest build of the camera's kernel that draws right on this runtime, or null where none does and ffmpeg must
 * move the camera. Looks once a process.
 *
 * @throws where a build is missing or no WebAssembly file
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

/** `findKernel`'s module. */
export const loadKernel = (): WebAssembly.Module | null => findKernel()?.module ?? null;
