import type { Check } from "../check.ts";
import { fail, ok, warn } from "../finding.ts";

/** The camera's WebAssembly is built and this Node takes it. `load` is the film maker's own loader. */
export function checkKernel(load: () => unknown): Check {
  return {
    name: "camera kernel",
    async run() {
      try {
        if (load() !== null) return ok("build/camera.wasm is there, and this Node runs it");
        return warn(
          "This Node runs no WebAssembly with relaxed SIMD: ffmpeg moves the camera instead, at half the speed.",
          "Use Node 24, as package.json and the Dockerfile do.",
        );
      } catch {
        return fail("build/camera.wasm is missing or damaged.", "Build it: npm run build:kernel");
      }
    },
  };
}
