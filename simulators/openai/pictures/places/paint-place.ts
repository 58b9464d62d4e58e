import type { PlaceName, Scene, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { paintClouds, paintCosmos, paintUnderwater } from "./above.ts";
import { paintCity } from "./city.ts";
import { paintForest } from "./forest.ts";
import { paintHall } from "./hall.ts";
import { paintLaboratory } from "./laboratory.ts";
import { paintRoom } from "./room.ts";
import { paintStreet } from "./street.ts";
import { paintDesert, paintMeadow, paintMountains, paintSea } from "./wilds.ts";
import { paintWindows } from "./windows.ts";

const painters: Record<PlaceName, (stage: Stage, scene: Scene) => Spots> = {
  city: paintCity,
  clouds: paintClouds,
  cosmos: paintCosmos,
  desert: paintDesert,
  forest: paintForest,
  hall: paintHall,
  laboratory: paintLaboratory,
  meadow: paintMeadow,
  mountains: paintMountains,
  room: paintRoom,
  sea: paintSea,
  street: paintStreet,
  underwater: paintUnderwater,
  windows: paintWindows,
};

/** Paints the place and returns where figures may stand. */
export const paintPlace = (stage: Stage, scene: Scene): Spots => painters[scene.place](stage, scene);
