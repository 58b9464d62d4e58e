/** Titles of dreams, such as "A red owl" for "A red owl sat on the roof". */
import { bare, findMentions } from "../text/find-concepts.ts";
import { stopWords } from "../text/stop-words.ts";

/** Words that begin a phrase in which the noun is named as in a list: no dative, no genitive. */
const determiner =
  /(?:^|[^\p{L}])((?:an?|the|my|our|his|her|two|three|four|five|six|seven|ein|eine|der|die|das|mein|meine|zwei|drei|une?|les?|la|mon|ma|mes|deux|trois|una?|el|los|las|mi|dos|tres|il|lo|i|gli|mio|mia|due|tre|os?|uma?|minha|meu|dois|duas)\s+(?:[\p{L}-]+\s+){0,2})$/iu;
/** What may belong to the noun: "a city made of glass", "a town of towers". */
const after = /^(?:\s+(?:made\s+)?(?:of|from|aus|de|von)(?:\s+(?:a|an|the|my))?\s+[\p{L}-]+)/iu;
const mostWords = 6;

/**
 * The title: the first thing, animal, person or place with its article, where the sentence has one; else the
 * first words, at most six.
 */
export function nameDream(narration: string): string {
  return findPhrase(narration) ?? firstWords(narration);
}

function findPhrase(narration: string): string | null {
  const text = narration.normalize("NFC");
  // Else the positions of the concepts are those of another text.
  if (bare(text).length !== text.length) return null;
  for (const { name, at, end } of findMentions(text)) {
    if (isNoSubject.test(name)) continue;
    const [, before] = determiner.exec(text.slice(0, at)) ?? [];
    const adjectives = before?.trim().toLowerCase().split(/\s+/u).slice(1) ?? [];
    if (!before || hasVerb.test(before) || adjectives.some((word) => stopWords.has(word))) continue;
    const phrase = `${before}${text.slice(at, end)}${after.exec(text.slice(end))?.[0] ?? ""}`;
    if (phrase.split(/\s+/u).length <= mostWords) return capital(phrase);
  }
  return null;
}

/** Colours, hours and what is done. */
const isNoSubject =
  /^(?:green|red|golden|night|dusk|dawn|day|flying|falling|walking|running|kneeling|sleeping|climbing|swimming|dancing|waiting|sitting)$/u;
/** A phrase ends before these. */
const hasVerb = /\b(?:was|were|is|are|had|war|waren|hatte|était|avait|era|había|and|und|et|y|e)\b/iu;

function firstWords(narration: string): string {
  const words = narration.replace(/[.,;:!?。，、！？]+$/u, "").split(/\s+/u);
  const first = words.slice(0, mostWords);
  // "A red kite hung on the" loses its last two words.
  while (first.length > 2 && first.length < words.length && stopWords.has(first.at(-1) ?? "")) first.pop();
  return words.length > 1 ? first.join(" ") : [...narration].slice(0, 12).join("");
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
