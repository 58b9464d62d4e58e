/** Prometheus' text format. @source prometheus.io/docs/instrumenting/exposition_formats */
export interface Family {
  name: string;
  help: string;
  type: "gauge" | "counter" | "histogram";
  samples: readonly Sample[];
}

export interface Sample {
  /** The end of the sample's name: `_bucket`, `_sum` or `_count` of a histogram. */
  suffix?: string;
  labels?: Record<string, string>;
  value: number;
}

/** The media type of the text format. */
export const metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

/** The families as Prometheus reads them. */
export const printMetrics = (families: readonly Family[]): string => families.map(printFamily).join("");

function printFamily({ name, help, type, samples }: Family): string {
  const lines = samples.map(
    ({ suffix = "", labels = {}, value }) => `${name}${suffix}${printLabels(labels)} ${value}\n`,
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function printLabels(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escapeValue = (value: string) =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

/**
 * A histogram's samples from the number of values in each bucket. `bounds` are in order; `+Inf` follows them.
 */
export function histogramSamples(
  bounds: readonly number[],
  inBucket: (bound: string) => number,
  sum: number,
  labels: Record<string, string> = {},
): Sample[] {
  let total = 0;
  const buckets = [...bounds.map(String), "+Inf"].map((le) => {
    total += inBucket(le);
    return { suffix: "_bucket", labels: { ...labels, le }, value: total };
  });
  return [...buckets, { suffix: "_sum", labels, value: sum }, { suffix: "_count", labels, value: total }];
}
