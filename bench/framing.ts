/**
 * Is the subject in the frame, and do captions cover it? Fifty scenes of the AI simulator, whose painter
 * tells where it painted each figure, each as the first and as a later one of a film, in three shapes: with a
 * camera and captions that know the subject, and with ones that do not.
 *
 * npm run bench -- framing
 */
import { type Framed, measureScene } from "./framing/measure-scene.ts";
import { framedScenes, paintScene, shapes } from "./framing/scenes.ts";

/** Prints the table. */
export async function run(): Promise<void> {
  console.log(
    "| shape | knows the subject | frames that cut it | scenes that do | captions over it | over its head | title over it | over its head |",
  );
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const shape of shapes) {
    const paint = (position: "first" | "later") =>
      framedScenes
        .map((scene) => paintScene(scene, shape, position))
        .filter(({ subject }) => subject !== null);
    const [first, later] = [paint("first"), paint("later")];
    for (const knowsSubject of [false, true]) {
      const [opening, others] = [first, later].map((scenes) =>
        scenes.map((scene, index) => measureScene(scene, { shape, index, knowsSubject })),
      ) as [Framed[], Framed[]];
      const counts = summarise([...opening, ...others], opening);
      console.log(`| ${[shape, knowsSubject ? "yes" : "no", ...counts].join(" | ")} |`);
    }
  }
}

/** `opening`: those of the scenes that are the first of their film, which can have a title. */
function summarise(framed: readonly Framed[], opening: readonly Framed[]): string[] {
  const count = (scenes: readonly Framed[], is: (one: Framed) => boolean) =>
    `${scenes.filter(is).length} of ${scenes.length}`;
  const cut = framed.reduce((sum, one) => sum + one.partCut, 0) / framed.length;
  return [
    `${(100 * cut).toFixed(1)} %`,
    count(framed, (one) => one.partCut > 0),
    count(framed, (one) => one.captionsOver),
    count(framed, (one) => one.captionsOverHead),
    count(opening, (one) => one.titleOver),
    count(opening, (one) => one.titleOverHead),
  ];
}
