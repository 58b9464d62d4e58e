import { findConcepts } from "../text/find-concepts.ts";

export interface Camera {
  move: "push_in" | "pull_back" | "pan" | "rise" | "hold";
  pace: "slow" | "usual" | "quick";
}

/** What a narration tells, and the camera that fits it; the first match counts. */
const fitting: readonly [concepts: string[], Camera][] = [
  [["falling"], { move: "pull_back", pace: "quick" }],
  [["flying", "bird"], { move: "rise", pace: "usual" }],
  [["climbing", "ladder", "stairs"], { move: "rise", pace: "slow" }],
  [["running"], { move: "pan", pace: "quick" }],
  [["walking", "swimming", "boat", "train", "horse"], { move: "pan", pace: "usual" }],
  [["terror", "fire"], { move: "push_in", pace: "quick" }],
  [["sleeping", "waiting", "sitting", "kneeling"], { move: "hold", pace: "slow" }],
  [["eye", "mirror", "window", "book", "door", "hand"], { move: "push_in", pace: "slow" }],
  [["sea", "desert", "mountain", "city", "cosmos", "meadow"], { move: "pan", pace: "slow" }],
];
const looking = /\b(?:look|looks|looked|see|sees|saw|stare|stares|stared|watch|watches|watched)\b/iu;
const standing = /\b(?:stand|stands|stood|still|silent|silence|quiet|quietly)\b/iu;

/**
 * A camera for each narration, by what it tells. The first scene shows where the film is, and the last one
 * ends.
 */
export function chooseCameras(narrations: readonly string[]): Camera[] {
  return narrations.map((narration, index) => {
    const camera = findFitting(narration) ?? {
      move: index % 2 === 0 ? "push_in" : "pull_back",
      pace: "usual",
    };
    const { move, pace } = camera;
    if (index === narrations.length - 1)
      return move === "hold" ? camera : { move: "pull_back", pace: pace === "quick" ? "usual" : "slow" };
    if (index === 0 && (move === "pull_back" || move === "hold")) return { move: "push_in", pace: "slow" };
    return camera;
  });
}

function findFitting(narration: string): Camera | undefined {
  const told = new Set(findConcepts(narration));
  const found = fitting.find(([concepts]) => concepts.some((name) => told.has(name)))?.[1];
  if (found) return found;
  if (looking.test(narration)) return { move: "push_in", pace: "slow" };
  return standing.test(narration) ? { move: "hold", pace: "slow" } : undefined;
}
