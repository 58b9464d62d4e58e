import { z } from "zod";
import { openEnum } from "./open-enum.ts";

export const CameraMove = z.enum(["push_in", "pull_back", "pan", "rise", "hold"]);
export type CameraMove = z.infer<typeof CameraMove>;

export const CameraPace = z.enum(["slow", "usual", "quick"]);
export type CameraPace = z.infer<typeof CameraPace>;

/** How the camera moves over a scene's picture. A value of a newer version is read as the usual one. */
export const SceneCamera = z
  .object({
    move: openEnum(CameraMove, "push_in").describe(
      "`push_in` goes nearer, `pull_back` away, `pan` along, `rise` upwards, `hold` hardly moves.",
    ),
    pace: openEnum(CameraPace, "usual"),
  })
  .meta({ id: "SceneCamera" });
export type SceneCamera = z.infer<typeof SceneCamera>;
