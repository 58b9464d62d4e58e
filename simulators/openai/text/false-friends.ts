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

/** "The sun rose" names no flower: a flower has an article or an adjective. */
const isRisen = (low: string, at: number, end: number) =>
  low.slice(at, end) === "rose" &&
  !/\b(?:a|an|the|my|her|his|one|red|white|yellow|black|blue|golden)\s+$/.test(low.slice(0, at));

/** Whether the word of an English text from `at` to `end` is not the concept that the lexicon finds in it. */
export const isFalseFriend = (name: string, low: string, at: number, end: number): boolean =>
  (name === "flower" && isRisen(low, at, end)) || friends[name]?.test(low.slice(at, end)) === true;
