/** Animals and things that stand on the ground, each with its shape and its size. */
import type { ColourName } from "../../text/find-attributes.ts";
import type { Path } from "../easel/path.ts";
import { cat, deer, dog, donkey, elephant, horse, owl, rabbit, wolf } from "../figures/animals.ts";
import { belongings } from "../figures/belongings.ts";
import { fruits } from "../figures/fruits.ts";
import { garden } from "../figures/garden.ts";
import { landAnimals } from "../figures/land-animals.ts";
import { objects } from "../figures/objects.ts";

export interface GroundFigure {
  /** The concept in lexicon.ts. */
  name: string;
  shape: () => Path;
  /**
   * The height of the back, as a part of a person's height. Small things are larger than they are, to be
   * seen.
   */
  tall: number;
  /** Half the width, as a part of that. */
  half: number;
  /** How many there are where the prompt tells no number; 1 if absent. */
  many?: number;
  /** Absent: it stands dark against the light. */
  colour?: ColourName;
}

const figure = (
  name: string,
  shape: () => Path,
  [tall, half]: [tall: number, half: number],
  colour?: ColourName,
): GroundFigure => ({ name, shape, tall, half, ...(colour && { colour }) });

export const groundFigures: readonly GroundFigure[] = [
  figure("horse", horse, [0.62, 1]),
  figure("deer", deer, [0.55, 0.8]),
  figure("wolf", wolf, [0.42, 1]),
  figure("dog", dog, [0.34, 1]),
  figure("elephant", elephant, [1, 1]),
  figure("cat", cat, [0.26, 0.7]),
  figure("donkey", donkey, [0.58, 0.9]),
  figure("rabbit", rabbit, [0.22, 0.6]),
  figure("owl", owl, [0.42, 0.45]),
  figure("bear", landAnimals.bear, [0.7, 1]),
  figure("lion", landAnimals.lion, [0.52, 1]),
  figure("cow", landAnimals.cow, [0.6, 1]),
  figure("sheep", landAnimals.sheep, [0.42, 0.85], "white"),
  figure("mouse", landAnimals.mouse, [0.16, 1.1]),
  figure("turtle", landAnimals.turtle, [0.24, 1.1], "green"),
  figure("snake", landAnimals.snake, [0.26, 1.2], "green"),
  figure("spider", landAnimals.spider, [0.3, 1.1]),
  figure("car", objects.car, [0.45, 1.2], "blue"),
  figure("bus", objects.bus, [0.62, 1.15], "yellow"),
  figure("train", objects.train, [0.55, 2], "brown"),
  figure("airplane", objects.airplane, [0.5, 1.1], "silver"),
  figure("bicycle", objects.bicycle, [0.5, 0.95]),
  figure("table", objects.table, [0.4, 1], "brown"),
  figure("chair", objects.chair, [0.5, 0.4], "brown"),
  figure("piano", objects.piano, [0.55, 0.9]),
  figure("suitcase", objects.suitcase, [0.34, 0.65], "brown"),
  figure("apple", objects.apple, [0.26, 0.55], "red"),
  figure("orange", fruits.orange, [0.26, 0.55], "orange"),
  figure("peach", fruits.peach, [0.26, 0.55], "pink"),
  figure("tomato", fruits.tomato, [0.24, 0.6], "red"),
  figure("pear", fruits.pear, [0.3, 0.45], "yellow"),
  figure("banana", fruits.banana, [0.22, 1], "yellow"),
  figure("lemon", fruits.lemon, [0.22, 0.8], "yellow"),
  { ...figure("cherry", fruits.cherry, [0.28, 0.55], "red"), many: 3 },
  figure("grape", fruits.grape, [0.34, 0.5], "purple"),
  figure("strawberry", fruits.strawberry, [0.26, 0.5], "red"),
  figure("melon", fruits.melon, [0.34, 0.7], "green"),
  figure("mushroom", fruits.mushroom, [0.34, 0.65], "red"),
  figure("bread", objects.bread, [0.22, 1], "brown"),
  figure("egg", objects.egg, [0.24, 0.4], "white"),
  figure("ball", objects.ball, [0.26, 0.55], "red"),
  { ...figure("coin", objects.coin, [0.22, 0.55], "golden"), many: 5 },
  figure("ring", objects.ring, [0.26, 0.5], "golden"),
  figure("crown", objects.crown, [0.28, 0.65], "golden"),
  { ...figure("tooth", objects.tooth, [0.28, 0.45], "white"), many: 5 },
  figure("shoe", objects.shoe, [0.24, 0.8], "red"),
  figure("hat", objects.hat, [0.28, 0.85]),
  figure("telephone", objects.telephone, [0.26, 0.65]),
  figure("violin", belongings.violin, [0.5, 0.5], "brown"),
  figure("gun", belongings.gun, [0.3, 1], "black"),
  figure("dress", belongings.dress, [0.66, 0.5], "pink"),
  figure("doll", belongings.doll, [0.38, 0.5], "pink"),
  figure("letter", belongings.letter, [0.3, 0.78], "white"),
  figure("hair", belongings.hair, [0.5, 0.4], "brown"),
  figure("camel", garden.camel, [0.72, 1.1], "brown"),
  figure("frog", garden.frog, [0.26, 0.8], "green"),
  figure("dragon", garden.dragon, [0.8, 1.5], "green"),
  { ...figure("bee", garden.bee, [0.24, 0.8], "yellow"), many: 3 },
  { ...figure("sunflower", garden.sunflower, [0.8, 0.4], "yellow"), many: 3 },
  figure("blade", objects.blade, [0.45, 0.3], "silver"),
];
