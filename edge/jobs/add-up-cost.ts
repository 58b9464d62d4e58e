import type { CostLine, FilmCost } from "../../contract/cost.ts";
import type { CostRows } from "../store/costs.ts";

/**
 * The bill of one film. An asset that a later attempt found was bought by an earlier attempt of the same job,
 * so it counts as this film's purchase and not as a saving.
 */
export function addUpCost({
  charges,
  reused,
}: CostRows): Omit<FilmCost, "dream_id" | "job_id" | "max_cost_usd"> {
  const bought = charges.flatMap(({ state, counted, capability, ...row }): CostLine[] =>
    state === "failed"
      ? []
      : [
          {
            asset: capability,
            scene: row.scene,
            state,
            cost_usd: usd(counted),
            saved_usd: 0,
            ...pick(row, state),
          },
        ],
  );
  const known = new Set(bought.map(placeOf));
  const found = reused.flatMap(({ capability: asset, scene, saved_usd }): CostLine[] => {
    const line = { asset, scene, state: "reused" as const, cost_usd: 0, saved_usd, ...pick(null, "reused") };
    if (known.has(placeOf(line))) return [];
    known.add(placeOf(line));
    return [line];
  });
  const lines = [...bought, ...found].sort(
    (a, b) => (a.scene ?? -1) - (b.scene ?? -1) || a.asset.localeCompare(b.asset),
  );
  const spent = lines.filter(({ state }) => state === "paid" || state === "unknown");
  const sumOf = (some: CostLine[]) => cents(some.reduce((sum, { cost_usd }) => sum + cost_usd, 0));
  const of = (asset: CostLine["asset"]) => sumOf(spent.filter((line) => line.asset === asset));
  return {
    lines,
    total_usd: sumOf(spent),
    estimated_usd: sumOf(spent.filter(({ estimated }) => estimated)),
    reserved_usd: sumOf(lines.filter(({ state }) => state === "reserved" || state === "sent")),
    by_capability: { text: of("text"), picture: of("picture"), voice: of("voice"), other: of("other") },
    reused: found.length,
    saved_usd: cents(found.reduce((sum, { saved_usd }) => sum + saved_usd, 0)),
    outcome_unknown: lines.filter(({ state }) => state === "unknown").length,
  };
}

const placeOf = ({ asset, scene }: CostLine) => `${asset} ${scene}`;
const pick = (
  row: { model: string; request_id: string | null; tries: number; estimated: number } | null,
  state: CostLine["state"],
) => ({
  // A purchase of unknown outcome is counted at its ceiling.
  estimated: state === "unknown" || row?.estimated === 1,
  model: row?.model ?? null,
  request_id: row?.request_id ?? null,
  tries: row?.tries ?? 0,
});
const usd = (microUsd: number) => microUsd / 1e6;
/** Adds dollars without the rounding errors of binary fractions. */
const cents = (dollars: number) => Math.round(dollars * 1e6) / 1e6;
