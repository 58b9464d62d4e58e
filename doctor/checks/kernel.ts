import type { LoadedKernel } from "../../render-worker/media/camera/load-kernel.ts";
import type { Check } from "../check.ts";
import { fail, ok, warn } from "../finding.ts";

/**
 * The camera kernel is built, and draws the known frames correctly on this machine. `find`: the worker's
 * loader.
 */
export function checkKernel(find: () => Pick<LoadedKernel, "build"> | null): Check {
  return {
    name: "camera kernel",
    async run() {
      try {
        const kernel = find();
        if (kernel?.build === "relaxed") return ok("it is built, and draws the known frames correctly");
        if (kernel)
          return warn(
            "Relaxed SIMD is missing or draws wrong frames here. The worker uses the other build, at half the speed.",
            "Use Node 24 and a virtual machine that exposes the processor's AVX.",
          );
        return warn(
          "This Node runs no build of the kernel correctly. ffmpeg moves the camera instead, at half the speed.",
          "Use Node 24, as package.json and the Dockerfile do.",
        );
      } catch {
        return fail("The camera kernel in build/ is missing or damaged.", "Build it: npm run build:kernel");
      }
    },
  };
}
