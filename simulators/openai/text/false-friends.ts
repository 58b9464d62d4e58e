/** English words that a word of another language in the lexicon spells alike or begins like, by the concept. */
const friends: Record<string, RegExp> = {
  bear: /^ours$/,
  bed: /^lit$/,
  bread: /^(?:pain|pan)$/,
  cat: /^chats?$/,
  child: /^kind$/,
  climbing: /^(?:mont|sub|sali|trep)/,
  day: /^tags?$/,
  deer: /^stages?$/,
  dusk: /^(?:sera|tarde)$/,
  falling: /^(?:cad|cae|chut|tomb)/,
  flying: /^(?:plan|vole)/,
  fool: /^narrat/,
  gun: /^fusil/,
  hand: /^main$/,
  kneeling: /^(?:bete|moli|preg|prie|rez)/,
  love: /^(?:aim|bes)/,
  room: /^cameras?$/,
  running: /^fug/,
  sea: /^mar$/,
  stairs: /^scales?$/,
  street: /^(?:call|via)/,
  terror: /^ombre/,
  tower: /^tours?$/,
  water: /^see$/,
};

/** German words that an English word of the lexicon spells alike: ein Boot, ein Hut, ein Rock. */
const german: Record<string, RegExp> = {
  shoe: /^boots?$/,
  house: /^hut$/,
  stone: /^rocks?$/,
  mouse: /^rats?$/,
};

/** "The sun rose" names no flower: a flower has an article or an adjective. */
const isRisen = (low: string, at: number, end: number) =>
  low.slice(at, end) === "rose" &&
  !/\b(?:a|an|the|my|her|his|one|red|white|yellow|black|blue|golden)\s+$/.test(low.slice(0, at));

/** Whether the word from `at` to `end` of a text in this language is not the concept that the lexicon finds in it. */
export function isFalseFriend(name: string, low: string, at: number, end: number, language: string): boolean {
  const word = low.slice(at, end);
  if (language === "de") return german[name]?.test(word) === true;
  return (
    language === "en" && ((name === "flower" && isRisen(low, at, end)) || friends[name]?.test(word) === true)
  );
}
