import type { z } from "zod";

type Schema = z.core.$ZodType;

/** The paths of a schema's enums and literal texts, such as `events.*.event.type`. */
export function enumPaths(schema: Schema, path: string[] = []): Set<string> {
  const { def } = (schema as z.ZodType)._zod as unknown as {
    def: Record<string, unknown> & { type: string };
  };
  const within = (inner: unknown, ...steps: string[]) => enumPaths(inner as Schema, [...path, ...steps]);
  const all = (...sets: Set<string>[]) => new Set(sets.flatMap((set) => [...set]));
  switch (def.type) {
    case "enum":
    case "literal":
      return new Set([path.join(".")]);
    case "object":
      return all(...Object.entries(def.shape as object).map(([name, inner]) => within(inner, name)));
    case "array":
      return within(def.element, "*");
    case "record":
      return within(def.valueType, "*");
    case "union":
      return all(...(def.options as unknown[]).map((inner) => within(inner)));
    case "intersection":
      return all(within(def.left), within(def.right));
    case "pipe":
      return all(within(def.in), within(def.out));
    default:
      return def.innerType === undefined ? new Set() : within(def.innerType);
  }
}

/** Copies of `sample`, each with `value` at another position that `path` matches. */
export function withValueAt(sample: unknown, path: string, value: unknown): unknown[] {
  const [step, ...rest] = path.split(".");
  if (step === undefined || step === "") return [value];
  if (typeof sample !== "object" || sample === null) return [];
  const names = step === "*" ? Object.keys(sample) : Object.keys(sample).filter((name) => name === step);
  return names.flatMap((name) =>
    withValueAt((sample as Record<string, unknown>)[name], rest.join("."), value).map((changed) => {
      const copy = structuredClone(sample) as Record<string, unknown>;
      copy[name] = changed;
      return copy;
    }),
  );
}
