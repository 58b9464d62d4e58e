/**
 * Is the subject in the frame, and do captions cover it? Fifty scenes of the AI simulator, whose painter tells where
 * it painted each figure, in three shapes: with a camera and captions that know the subject, and with ones that do
 * not.
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
    const painted = framedScenes
      .map((scene) => paintScene(scene, shape))
      .filter(({ subject }) => subject !== null);
    for (const knowsSubject of [false, true]) {
      const framed = painted.map((scene, index) => measureScene(scene, { shape, index, knowsSubject }));
      console.log(`| ${[shape, knowsSubject ? "yes" : "no", ...summarise(framed)].join(" | ")} |`);
    }
  }
}

function summarise(framed: readonly Framed[]): string[] {
  const count = (is: (one: Framed) => boolean) => `${framed.filter(is).length} of ${framed.length}`;
  const cut = framed.reduce((sum, one) => sum + one.partCut, 0) / framed.length;
  return [
    `${(100 * cut).toFixed(1)} %`,
    count((one) => one.partCut > 0),
    count((one) => one.captionsOver),
    count((one) => one.captionsOverHead),
    count((one) => one.titleOver),
    count((one) => one.titleOverHead),
  ];
}
