import { z } from "zod";
import { ControlPatch } from "./control.ts";

/** `text=2000,picture=6000`: milliseconds by capability. */
const latency = z.string().transform((text) =>
  Object.fromEntries(
    text.split(",").flatMap((pair) => {
      const [name, ms] = pair.split("=");
      return name?.trim() ? [[name.trim(), Number(ms)]] : [];
    }),
  ),
);

const faults = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});

const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8789),
  OPENAI_SIMULATOR_HOST: z.string().default("127.0.0.1"),
  OPENAI_SIMULATOR_SEED: z.coerce.number().int().optional(),
  OPENAI_SIMULATOR_LATENCY: latency.optional(),
  OPENAI_SIMULATOR_FAULTS: faults.optional(),
  OPENAI_SIMULATOR_PICTURE_SCALE: z.coerce.number().optional(),
  OPENAI_SIMULATOR_WITHOUT: z
    .string()
    .transform((text) => text.split(",").map((name) => name.trim()))
    .optional(),
});

/**
 * Reads the simulator's settings from the environment.
 * @throws ZodError that names the variable
 */
export function readEnvironment(source: NodeJS.ProcessEnv): {
  port: number;
  host: string;
  control: ControlPatch;
} {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const env = Environment.parse(given);
  const control = ControlPatch.parse({
    ...(env.OPENAI_SIMULATOR_SEED !== undefined && { seed: env.OPENAI_SIMULATOR_SEED }),
    ...(env.OPENAI_SIMULATOR_LATENCY && { latency_ms: env.OPENAI_SIMULATOR_LATENCY }),
    ...(env.OPENAI_SIMULATOR_FAULTS !== undefined && { faults: env.OPENAI_SIMULATOR_FAULTS }),
    ...(env.OPENAI_SIMULATOR_PICTURE_SCALE !== undefined && {
      picture_scale: env.OPENAI_SIMULATOR_PICTURE_SCALE,
    }),
    ...(env.OPENAI_SIMULATOR_WITHOUT && { without: env.OPENAI_SIMULATOR_WITHOUT }),
  });
  return { port: env.PORT, host: env.OPENAI_SIMULATOR_HOST, control };
}
