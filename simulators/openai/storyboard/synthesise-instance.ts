/**
 * The smallest value that matches a JSON schema, for prompts that are not storyboard tasks. Supports the
 * schemas of strict mode: objects, arrays, unions, enums, constants, references and bounds.
 */
type Schema = Record<string, unknown>;

/** The smallest value that matches `schema`; strings begin with `words`. */
export function synthesiseInstance(schema: Schema, words: string): unknown {
  return instanceOf(schema, schema, words.replace(/\s+/g, " ").trim(), 0);
}

function instanceOf(schema: Schema, root: Schema, words: string, depth: number): unknown {
  if (depth > 32) return null;
  const inner = (next: unknown) => instanceOf((next ?? {}) as Schema, root, words, depth + 1);
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (typeof schema.$ref === "string") return inner(dereference(root, schema.$ref));
  const union = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  // Null ends a recursive schema earliest.
  if (union) return inner(union.find(({ type }) => type === "null") ?? union[0]);
  if (Array.isArray(schema.allOf)) return inner(Object.assign({}, ...(schema.allOf as Schema[])));
  const type = Array.isArray(schema.type)
    ? schema.type.includes("null")
      ? "null"
      : schema.type[0]
    : schema.type;
  switch (type) {
    case "object": {
      const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
      return Object.fromEntries(properties.map(([name, property]) => [name, inner(property)]));
    }
    case "array":
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => inner(schema.items));
    case "string":
      return textOf(schema, words);
    case "integer":
    case "number":
      return numberOf(schema, type === "integer");
    case "boolean":
      return false;
    default:
      return schema.properties ? inner({ ...schema, type: "object" }) : null;
  }
}

function textOf(schema: Schema, words: string): string {
  const formats: Record<string, string> = {
    "date-time": "2026-01-01T00:00:00Z",
    date: "2026-01-01",
    time: "00:00:00Z",
    email: "dreamer@example.com",
    uri: "https://example.com/",
    uuid: "00000000-0000-4000-8000-000000000000",
    hostname: "example.com",
    ipv4: "192.0.2.1",
    ipv6: "2001:db8::1",
    duration: "PT1S",
  };
  const known = formats[String(schema.format)];
  if (known) return known;
  const shortest = Number(schema.minLength ?? 0);
  const longest = Number(schema.maxLength ?? Math.max(shortest, 80));
  return [...(words || "dream")].slice(0, longest).join("").padEnd(shortest, ".");
}

function numberOf(schema: Schema, whole: boolean): number {
  const step = whole ? 1 : 0.5;
  const low =
    schema.exclusiveMinimum !== undefined
      ? Number(schema.exclusiveMinimum) + step
      : Number(schema.minimum ?? 0);
  const high =
    schema.exclusiveMaximum !== undefined
      ? Number(schema.exclusiveMaximum) - step
      : Number(schema.maximum ?? Number.POSITIVE_INFINITY);
  const near = Math.min(Math.max(0, low), high);
  const multiple = Number(schema.multipleOf ?? 0);
  if (multiple > 0) return Math.ceil(near / multiple) * multiple;
  return whole ? Math.ceil(near) : near;
}

function dereference(root: Schema, reference: string): unknown {
  return reference
    .replace(/^#\/?/, "")
    .split("/")
    .filter(Boolean)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((at, step) => (at as Schema | undefined)?.[step], root);
}
