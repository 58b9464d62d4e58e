/** The camera of each scene of a new storyboard: the text model's, held to how a film begins and ends. */
import type { CameraMove, SceneCamera } from "../../../contract/camera.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";
import { usualCamera } from "../../media/camera/plan.ts";

/** Moves that show where the film is, and moves that come to an end. */
const opening: readonly CameraMove[] = ["push_in", "pan", "rise"];
const ending: readonly CameraMove[] = ["pull_back", "hold"];

/**
 * The storyboard with a camera in every scene. A first scene that does not establish the place gets a slow
 * push in, a last one that does not end a slow pull back. The answers of models that name no camera are
 * usable as well.
 */
export function composeCameras(storyboard: Storyboard): Storyboard {
  const last = storyboard.scenes.length - 1;
  const scenes = storyboard.scenes.map((scene, index) => {
    const camera = scene.camera ?? usualCamera(index);
    return { ...scene, camera: hold(camera, index, last) };
  });
  return { ...storyboard, scenes };
}

function hold(camera: SceneCamera, index: number, last: number): SceneCamera {
  if (index === last) return ending.includes(camera.move) ? camera : { move: "pull_back", pace: "slow" };
  if (index === 0) return opening.includes(camera.move) ? camera : { move: "push_in", pace: "slow" };
  return camera;
}
