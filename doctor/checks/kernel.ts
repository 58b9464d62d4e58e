import type { LoadedKernel } from "../../render-worker/media/camera/load-kernel.ts";
import type { Check } from "../check.ts";
import { fail, ok, warn } from "../finding.ts";

/** The camera's WebAssembly is built, and this machine draws known frames right with it. `find`: the film maker's own. */
export function checkKernel(find: () => Pick<LoadedKernel, "build"> | null): Check {
  return {
    name: "camera kernel",
    async run() {
      try {
        const kernel = find();
        if (kernel?.build === "relaxed") return ok("it is built, and draws known frames right");
        if (kernel)
          return warn(
            "Relaxed SIMD is missing or draws wrong frames here: the build without it is used, at half the speed.",
            "Run on a processor whose AVX the virtual machine does not hide, with Node 24.",
          );
        return warn(
          "This Node runs no build of the kernel right: ffmpeg moves the camera instead, at half the speed.",
          "Use Node 24, as package.json and the Dockerfile do.",
        );
      } catch {
        return fail("The camera kernel in build/ is missing or damaged.", "Build it: npm run build:kernel");
      }
    },
  };
}
