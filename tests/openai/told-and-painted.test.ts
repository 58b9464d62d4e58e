/**
 * The simulator paints what a sentence tells: who, how many, in which colour, and the same dreamer in all
 * scenes.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type DrawnPicture, drawPicture } from "../../simulators/openai/pictures/draw-picture.ts";
import { readPrompt } from "../../simulators/openai/pictures/read-prompt.ts";
import type { Figure } from "../../simulators/openai/pictures/stage.ts";
import { writeStoryboard } from "../../simulators/openai/storyboard/write-storyboard.ts";
import { findConcepts } from "../../simulators/openai/text/find-concepts.ts";

const tell = (transcript: string, scenes = 1) =>
  writeStoryboard({ transcript, scenes, length_seconds: scenes * 5, style: "storybook" }).scenes;
const paint = (sentence: string) =>
  drawPicture({ prompt: tell(sentence)[0]?.picture ?? "", take: 0, width: 384, height: 256 });
const countOf = ({ figures }: DrawnPicture, motif: string) =>
  figures.filter((figure) => figure.motif === motif).length;

/** The mean colour of the middle of a figure, each channel from 0 to 1. */
function colourOf({ canvas }: DrawnPicture, { x, y, width, height }: Figure): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  const side = 5;
  for (let i = 0; i < side * side; i++) {
    const px = Math.round(x + width * 0.5 + (i % side) - 2);
    const py = Math.round(y + height * 0.45 + Math.floor(i / side) - 2);
    for (const k of [0, 1, 2]) sum[k] = (sum[k] ?? 0) + (canvas.rgb[(py * canvas.width + px) * 3 + k] ?? 0);
  }
  return sum.map((value) => value / side ** 2) as [number, number, number];
}

describe("what is told", () => {
  it.each([
    ["An owl sat on a stone.", "owl", 1],
    ["Two wolves waited on the hill.", "wolf", 2],
    ["Three red fish swam in the pond.", "fish", 3],
    ["I saw a bird in the forest.", "bird", 1],
    ["Zwei Hunde liefen über die Wiese.", "dog", 2],
    ["Drei Pferde standen im Wald.", "horse", 3],
    ["Zwei weiße Pferde zogen den Wagen.", "horse", 2],
    ["Two men and a woman stood in the field.", "man", 2],
    ["Two men and a woman stood in the field.", "woman", 1],
    ["My little brother and I ran along the street.", "child", 1],
    ["My little brother and I ran along the street.", "person", 1],
    ["My mother and I stood in the meadow.", "woman", 1],
    ["My mother and I stood in the meadow.", "person", 1],
    ["An elephant walked through the desert.", "elephant", 1],
    ["An elephant walked through the desert.", "person", 0],
    ["Two apples lay on the table.", "apple", 2],
    ["A spider sat on my bed.", "spider", 1],
    ["Two bears came out of the forest.", "bear", 2],
    ["All my teeth fell out.", "tooth", 5],
    ["Three red boats lay on the sea.", "thing", 3],
    ["Two golden keys lay in the sand.", "thing", 2],
  ])("is painted as often: %s (%s)", (sentence, motif, count) => {
    expect(countOf(paint(sentence), motif)).toBe(count);
  });

  it("is within the picture", () => {
    for (const sentence of [
      "Six horses stood in the meadow.",
      "Seven wolves and an elephant walked in the snow.",
    ])
      for (const { x, y, width, height } of paint(sentence).figures) {
        expect(x).toBeGreaterThan(0);
        expect(x + width).toBeLessThan(384);
        expect(y + height).toBeLessThanOrEqual(256);
      }
  });

  it.each([
    ["16:9", 480, 270, 0.77],
    ["9:16", 270, 480, 0.69],
    ["1:1", 320, 320, 0.77],
  ] as const)("stands above the captions of %s, as its prompt says", (aspect, width, height, lowest) => {
    for (const transcript of [
      "A deer stood in my bedroom.",
      "I ran through the street.",
      "A boat lay on the sea.",
    ]) {
      const [scene] = writeStoryboard({ transcript, scenes: 1, style: "storybook", aspect }).scenes;
      const { figures } = drawPicture({ prompt: scene?.picture ?? "", take: 0, width, height });
      expect(figures.length, transcript).toBeGreaterThan(0);
      for (const { y, height: tall } of figures) expect((y + tall) / height, transcript).toBeLessThan(lowest);
      expect(scene?.focus.y).toBeGreaterThan(0);
      expect((scene?.focus.y ?? 0) + (scene?.focus.h ?? 1)).toBeLessThan(lowest);
    }
  });

  it.each([
    ["16:9", 480, 270, 0.19],
    ["9:16", 270, 480, 0.24],
    ["1:1", 320, 320, 0.19],
  ] as const)("stands below the title of %s in the first picture", (aspect, width, height, highest) => {
    for (const transcript of [
      "I was flying over a city made of glass.",
      "A whale came out of the water.",
      "A man with the head of an ass stood in the forest.",
      "A heart glowed in the dark forest.",
    ]) {
      const [scene] = writeStoryboard({ transcript, scenes: 1, style: "storybook", aspect }).scenes;
      const { figures } = drawPicture({ prompt: scene?.picture ?? "", take: 0, width, height });
      expect(figures.length, transcript).toBeGreaterThan(0);
      for (const { y } of figures) expect(y / height, transcript).toBeGreaterThan(highest);
      expect(scene?.focus.y).toBeGreaterThan(highest);
    }
  });

  it("has a boat on a lake", () => {
    expect(countOf(paint("We took a boat over the lake."), "thing")).toBeGreaterThan(0);
  });

  it.each([
    ["A white horse stood in the meadow.", "horse"],
    ["Ein weißes Pferd stand auf der Wiese.", "horse"],
    ["Un cheval blanc était dans le pré.", "horse"],
  ])("is white if it is told white: %s", (sentence, motif) => {
    const painted = paint(sentence);
    const horse = painted.figures.find((figure) => figure.motif === motif) as Figure;
    expect(Math.min(...colourOf(painted, horse))).toBeGreaterThan(0.6);
  });

  it("is red if it is told red, and blue if it is told blue", () => {
    for (const [colour, main, other] of [
      ["red", 0, 2],
      ["blue", 2, 0],
    ] as const) {
      const painted = paint(`The fish were ${colour}, and three of them, all ${colour} fish, swam by day.`);
      const fish = painted.figures.filter((figure) => figure.motif === "fish");
      const large = fish.toSorted((a, b) => b.width - a.width)[0] as Figure;
      const channels = colourOf(painted, large);
      expect(channels[main]).toBeGreaterThan((channels[other] ?? 1) + 0.15);
    }
  });

  it("keeps its colour in later scenes that do not repeat it", () => {
    const scenes = tell("A white horse stood in the meadow. The horse looked at me for a long time.", 2);
    expect(scenes[1]?.picture).toContain("a white horse");
  });
});

describe("a film", () => {
  const dream =
    "I was in a long, dark corridor. I was walking on the beach. I ran through the street, and it rained. I was flying over a city.";

  it("has one dreamer, with the same hair and coat in all scenes", () => {
    const looks = tell(dream, 4).map(({ picture }) => JSON.stringify(readPrompt(picture).scene.dreamer));
    expect(looks).toHaveLength(4);
    expect(new Set(looks).size).toBe(1);
  });

  it.each([2, 4, 6, 12])("ends its scenes where sentences or clauses end, asked for %d", (scenes) => {
    for (const { narration } of tell(dream, scenes)) {
      expect(narration).toMatch(/^\p{Lu}.*[.!?]$/u);
      expect(narration).not.toBe("I was in a long.");
    }
    expect(tell(dream, scenes).map(({ narration }) => narration)).toContainEqual(
      expect.stringContaining("I was in a long, dark corridor."),
    );
  });
});

it.each([
  ["A red owl sat on the roof.", "A red owl"],
  ["I was flying over a city made of glass.", "A city made of glass"],
  ["A whale came out of the water and looked at me.", "A whale"],
  ["Three red boats lay on the sea.", "Three red boats"],
  ["Ich lief eine Treppe hinauf, die kein Ende hatte.", "Eine Treppe"],
  ["Une baleine chantait dans le port.", "Une baleine"],
  ["Nobody spoke.", "Nobody spoke"],
])("a title is what the dream names: %s", (transcript, title) => {
  const request = { transcript, scenes: 1, length_seconds: 5, style: "storybook" } as const;
  expect(writeStoryboard(request).title).toBe(title);
});

it("knows the things that dreams are most often about", () => {
  const nouns =
    "mother father brother sister friend child baby man woman teacher stranger crowd king witch house home room kitchen " +
    "school hospital church castle street car bus train airplane boat ship bicycle bridge stairs door window bed table " +
    "chair mirror phone book letter key clock money knife fire water sea river lake rain snow forest tree flower garden " +
    "mountain cave moon star sun cloud dog cat horse bird snake spider fish whale wolf bear lion mouse cow sheep apple " +
    "bread egg teeth eye hand heart shoe hat ring ball lantern ghost angel";
  expect(nouns.split(" ").filter((noun) => findConcepts(`I saw the ${noun} there.`).length === 0)).toEqual(
    [],
  );
});

it("gives a person of the dream the same look in all scenes, also where the text has only a pronoun", () => {
  const scenes = tell("A weaver walked through the forest. He ran along the street and sang.", 2);
  const looks = scenes.map(({ picture }) => readPrompt(picture).scene.dreamer);
  expect(looks).toEqual([
    { hair: "short", coat: "grey" },
    { hair: "short", coat: "grey" },
  ]);
});

describe("the storyboard", () => {
  it("cuts no sentence where the rest would lose its subject", () => {
    const dream =
      "Ich stand am Bahnhof und wartete auf meinen Bruder. Dann kam der Zug und war aus Papier, und alle stiegen ein. " +
      "Die Lokomotive pfiff leise und rollte über das Wasser. Am Ende stand meine Großmutter und winkte mit einem Tuch.";
    const narrations = tell(dream, 6).map(({ narration }) => narration);
    expect(narrations.join(" ")).toContain("Dann kam der Zug und war aus Papier");
    for (const narration of narrations) expect(narration).not.toMatch(/^Und (?:war|rollte|winkte|wartete)/);
  });

  const dreamsOfBench = JSON.parse(
    readFileSync(new URL("../../bench/lengths/dreams.json", import.meta.url), "utf8"),
  ) as Record<"en" | "de", Record<string, string>>;
  it.each([30, 60, 120])("begins and ends no scene within a clause, at %d s", (seconds) => {
    for (const transcript of [...Object.values(dreamsOfBench.en), ...Object.values(dreamsOfBench.de)]) {
      const request = { transcript, scenes: Math.round(seconds / 7), syllables: seconds * 4 };
      for (const { narration } of writeStoryboard(request).scenes) {
        expect(narration).not.toMatch(
          /^(?:Dass|Ob|Den man|Die ich|Der dort|War|Drehte|So jung|As|That|Which|Who|Until|Where)(?!\p{L})(?! sa)/u,
        );
        expect(narration).not.toMatch(/in jeder Schublade(?:, die ich öffnete)?\.$|sagte mir\.$/u);
      }
    }
  });

  it.each([
    ["I waited in the hall, until the bell rang in the tower.", 1],
    ["Das Mädchen, das einen roten Schal trug, sagte mir alles.", 1],
    ["Ich sah am Abend einen großen Hund und viele Katzen auf dem Dach.", 1],
    ["The bear, which was made of paper, came out of the forest.", 1],
    ["I opened the old green door, and the garden was full of snow.", 2],
    ["Ich öffnete die alte Tür, und im Garten lag der Schnee.", 2],
    ["Ich öffnete die alte Tür, und der Garten lag im Schnee.", 2],
  ])("cuts a sentence where both parts are sentences, and nowhere else: %s", (transcript, scenes) => {
    expect(tell(transcript, 2)).toHaveLength(scenes);
  });

  it("goes on after an ellipsis that ends no sentence", () => {
    expect(tell("The train came… and it was made of paper.", 1)[0]?.narration).toBe(
      "The train came… and it was made of paper.",
    );
  });
});

describe("a person who acts", () => {
  const people = ["person", "man", "woman", "child"];
  const peopleIn = (dream: string) =>
    paint(dream).figures.filter(({ motif }) => people.includes(motif as string)).length;

  it.each([
    "She played the violin.",
    "He rowed a boat.",
    "My aunt cooked soup.",
    "She wrote a letter.",
    "He drove the car.",
    "He shot a gun.",
    "She fed the birds.",
    "Her cousin rode a horse.",
    "Someone knocked at the door.",
    "A policeman stopped the train.",
    "Sie spielte Geige.",
    "Meine Tante kochte Suppe.",
    "Er öffnete die Tür.",
    "Elle jouait du violon.",
  ])("is painted, whatever is done: %s", (dream) => {
    expect(peopleIn(dream)).toBe(1);
  });

  it.each([
    "They were red fish.",
    "It played the violin.",
    "The birds came. They ate the bread.",
    "A wolf stood in the snow. He ate the apples.",
  ])("is no animal and no thing: %s", (dream) => {
    expect(peopleIn(dream)).toBe(0);
  });

  it("is two where they are several", () => {
    expect(peopleIn("They carried a piano.")).toBe(2);
  });

  it("is another than the dreamer in a dream that the dreamer tells", () => {
    expect(tell("I met a girl in the hall. She played the violin.", 2)[1]?.picture).toMatch(
      /^A woman, a violin,/,
    );
  });
});

describe("a dream without people", () => {
  it.each([
    "The house flew over the hill.",
    "Das Haus flog über den Hügel.",
    "An old doll sat on the chair.",
    "A red balloon followed a dog.",
    "Der Zug fuhr über das Wasser, und er war aus Papier.",
  ])("shows none: %s", (dream) => {
    expect(tell(dream)[0]?.picture).not.toMatch(/dreamer|someone|lone figure/);
    expect(countOf(paint(dream), "person")).toBe(0);
  });
});

it.each([
  ["Two camels crossed the desert.", "camel", 2],
  ["A green frog sat on a stone.", "frog", 1],
  ["Ein Drache schlief auf dem Berg.", "dragon", 1],
  ["Two dolls and a violin lay on my bed.", "doll", 2],
  ["Two dolls and a violin lay on my bed.", "violin", 1],
  ["Three letters lay in the snow.", "letter", 3],
  ["My red dress hung in the room.", "dress", 1],
  ["A bee followed me through a field of sunflowers.", "bee", 1],
  ["A bee followed me through a field of sunflowers.", "sunflower", 3],
  ["A man with a gun followed me.", "gun", 1],
  ["My hair grew over the floor.", "hair", 1],
])("knows the nouns of everyday dreams: %s (%s)", (sentence, motif, count) => {
  expect(countOf(paint(sentence), motif)).toBe(count);
});

it("takes no English word for one of another language", () => {
  for (const word of [
    "balloon",
    "see",
    "lit",
    "planet",
    "pain",
    "priest",
    "tomb",
    "narrator",
    "kind",
    "stage",
  ])
    expect(findConcepts(`the ${word}`), word).toEqual(
      { balloon: ["balloon"], planet: ["cosmos"] }[word] ?? [],
    );
  expect(findConcepts("the sun rose")).toEqual(["sun"]);
  expect(findConcepts("der See lag still")).toContain("water");
});

it("places a train at a station, not at sea", () => {
  expect(tell("Then the train came.")[0]?.picture).toContain("in a vaulted hall");
  expect(tell("Ich wartete am Bahnhof.")[0]?.picture).toContain("in a vaulted hall");
});

describe("what is told not to be there", () => {
  it.each([
    ["A house stood there without a dog.", "dog"],
    ["There was no moon and no horse.", "moon"],
    ["There was no moon and no horse.", "horse"],
    ["Neither the cat nor the dog came home.", "dog"],
    ["Kein Vogel sang im Wald.", "bird"],
    ["Ich ging ohne Schuhe durch den Schnee.", "shoe"],
    ["Weder Hund noch Katze waren da.", "cat"],
    ["I could not fly.", "flying"],
    ["Ich konnte nicht fliegen.", "flying"],
    ["I did not see the horse.", "horse"],
  ])("is not named: %s (%s)", (sentence, concept) => {
    expect(findConcepts(sentence)).not.toContain(concept);
    expect(tell(sentence)[0]?.picture).not.toMatch(new RegExp(`^[^.]*\\b${concept}\\b`, "u"));
  });

  it("is named all the same where the text only limits it", () => {
    expect(findConcepts("Not only the horse but also the dog came.")).toEqual(["horse", "dog"]);
    expect(findConcepts("I had no fear, and the horse ran.")).toContain("horse");
  });

  it.each([
    ["A boat with no sails lay on the sea.", "A boat lay on the sea.", "a boat without sails"],
    ["Ein Boot ohne Segel lag am Strand.", "Ein Boot lag am Strand.", "a boat without sails"],
  ])("is not painted: %s", (bare, whole, prompt) => {
    expect(tell(bare)[0]?.picture.toLowerCase()).toContain(prompt);
    const [low, high] = [bare, whole].map((dream) =>
      Math.max(...paint(dream).figures.map(({ height }) => height)),
    );
    expect(low).toBeLessThan((high ?? 0) * 0.5);
  });

  it("is not painted of a house, a tree and a clock", () => {
    for (const [dream, prompt] of [
      ["A house without windows stood on the hill.", "a small house without windows"],
      ["A tree without leaves stood in the meadow.", "a great tree without leaves"],
      ["Eine Uhr ohne Zeiger hing am Himmel.", "a great clock without hands"],
    ] as const)
      expect(tell(dream)[0]?.picture.toLowerCase()).toContain(prompt);
  });
});

describe("a colour", () => {
  const channel = { red: 0, green: 1, blue: 2 } as const;
  /** How much one channel of the picture's middle is above the mean of the others. */
  function lead({ canvas: { rgb, width, height } }: DrawnPicture, of: 0 | 1 | 2): number {
    const sum = [0, 0, 0];
    for (let y = Math.round(height * 0.3); y < height * 0.7; y++)
      for (let x = 0; x < width; x++)
        for (const k of [0, 1, 2]) sum[k] = (sum[k] as number) + (rgb[(y * width + x) * 3 + k] as number);
    const total = sum.reduce((a, b) => a + b);
    return (sum[of] as number) / total - 1 / 3;
  }

  it.each([
    ["A red city stood by the river.", "red"],
    ["Eine rote Stadt stand am Meer.", "red"],
    ["The forest was blue.", "blue"],
    ["A green sky hung over the sea.", "green"],
    ["I walked through a red desert.", "red"],
  ] as const)("of a place is painted: %s", (dream, colour) => {
    expect(lead(paint(dream), channel[colour])).toBeGreaterThan(0.07);
  });

  it.each([
    ["A green door stood in the meadow.", "thing", "green"],
    ["Eine grüne Tür stand im Zimmer.", "thing", "green"],
    ["A blue tree stood in the desert.", null, "blue"],
  ] as const)("of a thing is painted, in any place: %s", (dream, motif, colour) => {
    const [told, untold] = [dream, dream.replace(/ (?:green|blue)|(?<=Eine) grüne/u, "")].map((one) =>
      paint(one),
    );
    if (motif) expect(told?.figures.filter((figure) => figure.motif === motif).length).toBeGreaterThan(0);
    const of = channel[colour];
    expect(lead(told as DrawnPicture, of)).toBeGreaterThan(lead(untold as DrawnPicture, of));
  });

  it("of a lantern is painted, which stands alone where nobody carries it", () => {
    const [scene] = tell("A yellow lantern stood in the street.");
    expect(scene?.picture).toMatch(/^A yellow lantern,/);
    const painted = paint("A yellow lantern stood in the street.");
    const [lantern] = painted.figures.filter(({ motif }) => motif === "thing");
    const [red, green, blue] = colourOf(painted, lantern as Figure);
    expect(Math.min(red, green)).toBeGreaterThan(blue + 0.2);
    expect(countOf(painted, "person")).toBe(0);
  });

  it("of a coat belongs to the person who wears it", () => {
    expect(tell("A man in a red coat met a woman in a green dress.")[0]?.picture).toMatch(
      /^A man in a red coat, a woman in a green coat, in /,
    );
  });
});

it.each([
  ["An orange lay on the table.", "orange", 1],
  ["Eine Orange rollte über die Straße.", "orange", 1],
  ["An orange cat sat on the stairs.", "orange", 0],
  ["An orange cat sat on the stairs.", "cat", 1],
  ["Two bananas and a pear danced.", "banana", 2],
  ["Two bananas and a pear danced.", "pear", 1],
  ["Drei Zitronen lagen auf dem Bett.", "lemon", 3],
  ["Kirschen fielen vom Himmel.", "cherry", 3],
  ["A watermelon opened.", "melon", 1],
  ["A red mushroom grew in the forest.", "mushroom", 1],
])("knows fruits: %s (%s)", (sentence, motif, count) => {
  expect(countOf(paint(sentence), motif)).toBe(count);
});

describe("several people", () => {
  const peopleIn = (dream: string) =>
    paint(dream).figures.filter(({ motif }) => /^(?:person|man|woman|child)$/u.test(motif)).length;

  it.each([
    ["We walked through the forest.", 2],
    ["Wir liefen über die Wiese.", 2],
    ["My sister and I ran along the beach.", 2],
    ["Meine Schwester und ich flogen über das Meer.", 2],
    ["Both of us sat on a bed.", 2],
    ["You and I walked along the river.", 2],
    ["We met a king in the hall.", 3],
    ["We were three on the hill.", 3],
    ["They danced on the roof.", 2],
    ["Sie liefen durch den Regen.", 2],
    ["Er und sie tanzten.", 2],
    ["Sie lief durch den Regen.", 1],
    ["My father and my uncle stood in the garden.", 2],
    ["My mother, my aunt and I cooked soup.", 3],
    ["A dancer danced on a piano.", 1],
  ])("are all painted: %s", (dream, count) => {
    expect(peopleIn(dream)).toBe(count);
  });

  it("goes on with the one who was named before", () => {
    expect(tell("My sister came into the room. We walked through the forest.", 2)[1]?.picture).toMatch(
      /^The dreamer walking, a woman,/,
    );
  });

  it("have different coats, each the same in the whole film", () => {
    const scenes = tell("My father stood in the garden. My uncle came. My uncle and my father danced.", 3);
    expect(scenes.map(({ picture }) => picture.split(", in ")[0])).toEqual([
      expect.stringMatching(/a man$/i),
      expect.stringMatching(/a man in a brown coat$/i),
      expect.stringMatching(/a man in a brown coat, a man$/i),
    ]);
    const painted = paint("Two men stood in the garden.");
    const [one, other] = painted.figures.filter(({ motif }) => motif === "man");
    const [a, b] = [one, other].map((figure) => colourOf(painted, figure as Figure)) as unknown as [
      number[],
      number[],
    ];
    expect(Math.max(...a.map((value, k) => Math.abs(value - (b[k] as number))))).toBeGreaterThan(0.05);
  });

  it("of the cast have different coats", () => {
    const dream = "I met my father in the garden. My mother and a child came. An angel and a ghost danced.";
    const { cast = [] } = writeStoryboard({ transcript: dream, scenes: 3, length_seconds: 20 }, true);
    const coats = cast.map(({ description }) => /an? (\w+) coat/u.exec(description)?.[1]).filter(Boolean);
    expect(coats.length).toBeGreaterThan(3);
    expect(new Set(coats).size).toBe(coats.length);
  });

  it("are women where the text says so later", () => {
    const scenes = tell("A weaver sat at the window. She wove a river. The weaver slept.", 3);
    for (const { picture } of scenes) expect(picture).not.toMatch(/^[^.]*\ba man\b/u);
  });
});
