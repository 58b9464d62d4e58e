/** Fifty sentences of dreams, each the text of one scene, and their pictures as the simulator paints them. */
import { type Aspect, VisualStyle } from "../../contract/film.ts";
import { defaultModels } from "../../contract/models.ts";
import { newPictureSize } from "../../contract/picture-sizes.ts";
import type { FocusBox } from "../../contract/storyboard.ts";
import { type Thumbnail, thumbnailEdge } from "../../render-worker/media/focus/thumbnail.ts";
import { picturePrompt } from "../../render-worker/pipeline/storyboard/picture-prompt.ts";
import { drawPicture } from "../../simulators/openai/pictures/draw-picture.ts";
import { writeStoryboard } from "../../simulators/openai/storyboard/write-storyboard.ts";

const sentences = `A whale came out of the water beside my little boat.
I was walking through a forest and a deer looked at me.
My grandmother was waiting with a lantern in the street.
A white horse stood in the meadow and breathed steam.
I was flying over a city made of glass.
An elephant walked slowly through the desert.
A child was sitting on the bridge over the river.
I climbed a ladder that reached to heaven.
A wolf followed me through the snow.
My brother and I ran along a corridor of the old school.
A lighthouse turned its beam over the sea.
I stood in front of a tall mirror in an empty hall.
A ghost came out of the house at midnight.
A cat sat on the stairs and waited for me.
The door stood open in the middle of a field.
I was swimming under water among the fish.
A donkey carried a lamp through the village street.
A great clock hung in the night sky.
I was kneeling beside a stone in the desert.
A man with the head of an ass stood in the forest.
Butterflies rose out of the book in my garden.
I was falling through the clouds.
A fool danced on the roof of the city.
Angels came down to the meadow.
I was sitting alone in a boat on the lake.
The tree in the garden was on fire.
A bird sat on my hand.
A little house stood at the edge of the forest.
I was walking on the beach and the waves were still.
A huge eye opened in the sky.
My mother stood at the window of the kitchen.
I ran through the street in the rain.
A red balloon rose over the mountains.
The moon came very near to the sea.
A crowd of people waited at the station.
I climbed the mountain in a storm.
A horse swam in the river.
The whale flew over the city.
An old woman was dancing in the church.
I found a golden key in the sand.
A deer stood in my bedroom.
I lay down in the meadow and slept.
Two wolves waited on the hill.
A sailing ship lay in the desert.
The child held an umbrella in the storm.
A heart glowed in the dark forest.
I walked over a field of flowers in the morning.
An angel stood on the bridge.
The elephant and the cat crossed the bridge.
I stood under the stars and could not move.`.split("\n");

const styles = VisualStyle.options;

/** A sentence, and the style of its picture. */
export interface FramedScene {
  sentence: string;
  style: VisualStyle;
}

export const framedScenes: readonly FramedScene[] = sentences.map((sentence, i) => ({
  sentence,
  style: styles[i % styles.length] as VisualStyle,
}));

export const shapes: readonly Aspect[] = ["16:9", "9:16", "1:1"];

/** A picture is painted this many times as wide as its thumbnail. */
const scale = 4;
/** A figure that covers less of the picture is one of many, such as a bird in a flock. */
const leastArea = 0.004;

/** A scene's picture, small, and where its painter painted the largest person, animal or apparition. */
export interface PaintedScene {
  sentence: string;
  /** Where the storyboard expects the subject. */
  hint: FocusBox;
  /** The picture's width and height in pixels, as it is bought. */
  picture: { width: number; height: number };
  thumbnail: Thumbnail;
  /** Null: the picture has no such figure. */
  subject: FocusBox | null;
}

/**
 * The scene's picture for a film of this shape, where it is the first, whose picture leaves room for the
 * title, or a later one. The same scene gives the same picture.
 */
export function paintScene(
  { sentence, style }: FramedScene,
  shape: Aspect,
  position: "first" | "later",
): PaintedScene {
  const transcript = `${sentence} ${sentence}`;
  const { scenes } = writeStoryboard({ transcript, scenes: 2, style, aspect: shape });
  const scene = scenes[position === "first" ? 0 : 1];
  if (!scene) throw new Error(`no scene for "${sentence}"`);
  const prompt = picturePrompt({ picture: scene.picture, picture_take: 0 }, style);
  const [across, down] = newPictureSize(shape, defaultModels.picture.model).split("x").map(Number) as [
    number,
    number,
  ];
  const longest = Math.max(across, down);
  const small = { width: (thumbnailEdge * across) / longest, height: (thumbnailEdge * down) / longest };
  const [width, height] = [small.width * scale, small.height * scale];
  const { canvas, figures } = drawPicture({ prompt, take: 0, width, height });
  const [subject = null] = figures
    .filter((one) => one.motif !== "thing" && one.width * one.height > leastArea * width * height)
    .toSorted((a, b) => b.width * b.height - a.width * a.height);
  return {
    sentence,
    hint: scene.focus,
    picture: { width: width * 4, height: height * 4 },
    thumbnail: { ...small, rgb: shrink(canvas.rgb, small) },
    subject: subject && {
      x: subject.x / width,
      y: subject.y / height,
      w: subject.width / width,
      h: subject.height / height,
    },
  };
}

/** The means of squares of `scale` pixels. */
function shrink(rgb: Float32Array, { width, height }: { width: number; height: number }): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    let sum = 0;
    for (let i = 0; i < scale * scale; i++) {
      const row = y * scale + Math.floor(i / scale);
      sum += rgb[(row * width * scale + x * scale + (i % scale)) * 3 + (at % 3)] as number;
    }
    return Math.min(255, Math.max(0, Math.round((255 * sum) / (scale * scale))));
  });
}
