/** Whom a prompt names besides the dreamer: men, women and children, with the colours of their coats. */
import { type Attributes, colourNames } from "../text/find-attributes.ts";
import type { Companion } from "./scene.ts";

const person =
  /\b(?:(an?|the|one|my|two|three|four|five|six|seven|\d+) )?(?:(?!old )\w+ )?(man|men|woman|women|child|children)\b(?! with the head)(?:,? (?:in|wearing) an? (\w+) coat)?/giu;
const singular: Record<string, Companion["name"]> = {
  ...{ man: "man", men: "man", woman: "woman", women: "woman", child: "child", children: "child" },
};
const numbers = ["two", "three", "four", "five", "six", "seven"];

/**
 * In the order of the text, as many as it tells. `shown`: the concepts that it names, also in other words.
 */
export function readCompany(
  text: string,
  shown: ReadonlySet<string>,
  attributes: ReadonlyMap<string, Attributes>,
): Companion[] {
  const named = [...text.matchAll(person)].flatMap(([, count = "", word = "", coat]): Companion[] => {
    const name = singular[word.toLowerCase()];
    if (!name || !shown.has(name)) return [];
    const many = numbers.indexOf(count.toLowerCase()) + 2;
    const colour = colourNames.find((one) => one === coat?.toLowerCase()) ?? null;
    const isMany = word.toLowerCase() !== name;
    const told = many > 1 ? many : Number(count) || (isMany ? (attributes.get(name)?.count ?? 2) : 1);
    return Array.from({ length: Math.min(12, told) }, () => ({ name, coat: colour }));
  });
  const hasCoat = (name: string) => named.some((one) => one.name === name && one.coat !== null);
  const dressed = named.map((one) =>
    hasCoat(one.name) ? one : { ...one, coat: attributes.get(one.name)?.colour ?? null },
  );
  const others = (["man", "woman", "child"] as const).filter(
    (name) => shown.has(name) && !named.some((one) => one.name === name),
  );
  return [
    ...dressed,
    ...others.flatMap((name) =>
      Array.from({ length: attributes.get(name)?.count ?? 1 }, () => ({
        name,
        coat: attributes.get(name)?.colour ?? null,
      })),
    ),
  ];
}
