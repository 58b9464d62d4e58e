import { type Config, parseConfig } from "../../render-worker/runtime/config.ts";
import { ConfigError, type Environment } from "../../render-worker/runtime/environment.ts";
import type { Check } from "../check.ts";
import { fail, ok } from "../finding.ts";

/** The worker's configuration, or null when `checkConfiguration` finds faults in it. */
export function readConfig(env: Environment): Config | null {
  try {
    return parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

/** Every variable that the worker needs is set and valid. Findings have names of variables, never values. */
export function checkConfiguration(env: Environment, from: string): Check {
  return {
    name: "configuration",
    async run() {
      try {
        parseConfig(env);
        return ok(`every variable is set and valid (${from})`);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return error.message
          .split("\n")
          .map((line) => fail(line, `Set it (it comes from ${from}); docs/configuration.md describes it.`));
      }
    },
  };
}
