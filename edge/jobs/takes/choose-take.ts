/** Shows another take of a scene: a redo that finds everything among the bought assets. */
import type { TakeShown } from "../../../contract/takes.ts";
import { ApiError } from "../../errors/api-error.ts";
import { collectTakes, withTake } from "../../present/known-takes.ts";
import type { JobContext } from "../after-transition.ts";
import type { Changed } from "../change-scene.ts";
import type { ChangeableFilm } from "../changeable-film.ts";
import { type Redo, requestChange } from "../redo.ts";

/**
 * Requests the film with this take of the scene. A take that the film shows needs no job.
 *
 * @throws ApiError `take.not_found`, `take.not_ready`, and what `requestChange` throws
 */
export const chooseTake = (context: JobContext, command: Redo, take: string) =>
  requestChange<TakeShown>(context, command, (film) => plan(film, command, take));

async function plan(
  { storyboard, takes, jobId, isShown, placeholders }: ChangeableFilm,
  { clientId, scene: index }: Redo,
  id: string,
): Promise<Changed | { shown: TakeShown } | null> {
  const scene = storyboard.scenes[index];
  if (scene === undefined) return null;
  const take = (await collectTakes(takes, jobId, index)).find((one) => one.id === id);
  if (take === undefined) throw new ApiError("take.not_found");
  if (take.status !== "ready") throw new ApiError("take.not_ready");
  if (take.isChosen && isShown)
    return {
      shown: { status: "already_chosen", dream_id: clientId, job_id: jobId, scene: index, take: id },
    };
  const changed = withTake(scene, take.asset, take.scene);
  const scenes = storyboard.scenes.map((one, at) => (at === index ? changed : one));
  const chosen = { scene: index, asset: take.asset, placeholders };
  return { storyboard: { ...storyboard, scenes }, picture: false, voice: false, chosen };
}
