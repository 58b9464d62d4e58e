import type { StyleName } from "../scene.ts";
import type { Stage } from "../stage.ts";

export function applyStyle(_stage: Stage, _style: StyleName): void {}
