/** The colours and numbers that a text gives to what it names: a white horse, three red fish. */

import { isFruit } from "./false-friends.ts";
import { bare, findMentions, type Mention } from "./find-concepts.ts";
import { isAfterNegation } from "./negation.ts";

const colourWords = {
  white:
    "white weiß* weiss* blanc blanche blancs blanches blanco* blanca* bianc* branc* бел* أبيض بيضاء לבן לבנה सफेद 白",
  black:
    "black schwarz* noir noire noirs noires negro* negra* nero nera neri nere preto* preta* черн* чёрн* أسود سوداء שחור שחורה काला काली 黑 黒",
  red: "red rot rote roten roter rotes rouge* rojo* roja* rosso rossa rossi rosse vermelh* scarlet crimson красн* أحمر حمراء אדום אדומה लाल 红 赤 紅",
  blue: "blue blau* bleu* azul* azzurr* blu син* голуб* أزرق زرقاء כחול כחולה नीला नीली 蓝 青",
  green: "green grün* vert verts verte vertes verde* verdi зелён* зелен* أخضر خضراء ירוק ירוקה हरा हरी 绿 緑",
  yellow: "yellow gelb* jaune* amarill* giall* amarel* желт* жёлт* أصفر صفراء צהוב צהובה पीला पीली 黄",
  golden: "golden gold goldene* goldener doré* dorad* dorat* dourad* золот* ذهبي ذهبية זהוב सुनहरा 金",
  orange: "orange* naranja* arancion* laranja* оранж* برتقالي כתום नारंगी 橙",
  purple: "purple violet* lila purpur* morad* viola роз-фиолет* фиолет* بنفسجي סגול बैंगनी 紫",
  pink: "pink rosafarben* rosad* rosa розов* وردي ורוד गुलाबी 粉",
  brown: "brown braun* brun brune bruns brunes marrón marron* marrom коричн* بني חום भूरा 棕 茶色",
  grey: "grey gray grau* gris grise* grigi* cinz* сер* رمادي אפור स्लेटी 灰",
  silver: "silver silbern* argenté* platead* argentat* pratead* серебр* فضي כסוף 银 銀",
} as const;
export type ColourName = keyof typeof colourWords;
export const colourNames = Object.keys(colourWords) as ColourName[];

const countWords = [
  "a an one single ein eine einen einem einer un une una uno um uma один одна одно одну",
  "two both pair zwei deux dos due dois duas два две двое اثنان اثنين שני שתי दो 两 二 双",
  "three drei trois tres tre três три трое ثلاث ثلاثة שלושה שלוש तीन 三",
  "four vier quatre cuatro quattro quatro четыре أربع أربعة ארבעה ארבע चार 四",
  "five fünf cinq cinco cinque пять خمس خمسة חמישה חמש पाँच 五",
  "six sechs seis sei шесть ست ستة שישה שש छह 六",
  "seven sieben sept siete sette sete семь سبع سبعة שבעה שבע सात 七",
];
const smallWords =
  "little small younger tiny baby kleine* kleiner jünger* petit* cadet* hermanit* pequeñ* piccol* minor* pequen* маленьк* младш* صغير* קטן קטנה छोटा छोटी 小 幼";

/** What a text says of something that it names. */
export interface Attributes {
  colour?: ColourName;
  /** From 1 to 12. */
  count?: number;
  isSmall?: boolean;
  /** It has not what belongs to it: a boat without sails, a tree without leaves. */
  lacksPart?: boolean;
}

/** What belongs to a thing, and is painted with it. */
const parts: Record<string, RegExp> = {
  boat: /^(?:sails?|segeln?|voiles?|velas?|vele|mast\p{L}*)(?!\p{L})/u,
  house: /^(?:windows?|fenstern?|lights?|licht\p{L}*|fenêtres?|ventanas?|finestre)(?!\p{L})/u,
  tree: /^(?:leaf|leaves|blatt|blätter|blättern|laub|feuilles|hojas|foglie)(?!\p{L})/u,
  clock: /^(?:hands?|zeigern?|aiguilles)(?!\p{L})/u,
};
const bareWords: Record<string, RegExp> = {
  boat: /(?:rowing|rowed|ruder-?)\s*$/u,
  house: /(?:windowless|fensterlos\p{L}*|dark)\s+$/u,
  tree: /(?:leafless|bare|kahl\p{L}*|blattlos\p{L}*)\s+$/u,
  clock: /(?:handless|zeigerlos\p{L}*)\s+$/u,
};

/** Whether the text says that what it mentions has not the part that belongs to it. */
function lacksPart(low: string, { name, at, end }: Mention): boolean {
  const part = parts[name];
  if (part === undefined) return false;
  if (bareWords[name]?.test(low.slice(0, at)) || /^(?:ruderboot|row-?boat)/u.test(low.slice(at, end)))
    return true;
  const [rest = ""] = low.slice(end).split(/[.;!?]/u);
  return [...rest.matchAll(/[\p{L}-]+/gu)].some(
    (word) => part.test(word[0]) && isAfterNegation(rest.slice(0, word.index)),
  );
}

/** What a text says of each concept that it names; the first that is said counts. */
export function findAttributes(text: string): Map<string, Attributes> {
  const low = bare(text);
  const mentions = findMentions(text).filter(({ name }) => !states.has(name));
  const found = new Map<string, Attributes>();
  const give = (mention: Mention | undefined, attributes: Attributes) => {
    if (mention) found.set(mention.name, { ...attributes, ...found.get(mention.name) });
  };
  for (const mention of mentions) if (lacksPart(low, mention)) give(mention, { lacksPart: true });
  for (const { value, at, end } of findWords(low)) {
    const wearer = value.colour && findWearer(low, mentions, at, end);
    if (wearer) {
      give(wearer, value);
      continue;
    }
    const next = mentions.find((one) => one.at >= end && qualifies(low.slice(end, one.at)));
    const before = mentions.findLast((one) => one.end <= at);
    const between = before ? low.slice(before.end, at) : "";
    const isSaidOfBefore = before && (copula.test(between) || (!next && /^\s*$/u.test(between)));
    if (isSaidOfBefore && value.colour) give(before, value);
    else give(next, value);
  }
  return found;
}

const clothes =
  /^\s+(?:\p{L}+\s+)?(?:coat|jacket|shirt|dress|gown|cloak|sweater|suit|robe|mantel|jacke|hemd|kleid|pullover|anzug|manteau|robe|veste)(?!\p{L})/u;
const wears =
  /^\s+(?:\p{L}+\s+){0,2}(?:in|wearing|wore|with|im|mit|trug|en|avec)\s+(?:(?:an?|the|his|her|einem|einen|ein|einer|dem|un|une)\s+)?(?:\p{L}+\s+)?$/u;

/** The person who wears what has this colour: "a man in a red coat". */
function findWearer(low: string, mentions: readonly Mention[], at: number, end: number): Mention | undefined {
  if (!clothes.test(low.slice(end))) return undefined;
  const person = mentions.findLast((one) => one.end <= at && people.has(one.name));
  return person && wears.test(low.slice(person.end, at)) ? person : undefined;
}
const people = new Set("man woman child grandmother".split(" "));

/** Concepts that have no colour and no number of their own. */
const states = new Set(
  (
    "green red golden night dusk dawn day light season flying falling walking running kneeling sleeping climbing " +
    "swimming dancing waiting sitting vision life terror joy love winter autumn glass"
  ).split(" "),
);
/** Between an adjective and its noun: at most two more words, and nothing that begins another part. */
const qualifies = (between: string) =>
  /^[\s-]*$|^[\p{sc=Han}\p{sc=Hiragana}]{1,4}$/u.test(between) ||
  (/^\s+(?:[\p{L}\p{M}-]+\s+){0,2}$/u.test(between) &&
    !/(?<!\p{L})(?:and|und|et|y|e|и|of|in|on|with|was|were|is|are|the|a|an)(?!\p{L})/u.test(between));
const copula =
  /^\s+(?:(?:that|who|which|und|and|they|it|all|der|die|das|qui|que)\s+){0,2}(?:is|was|were|are|turned|became|painted|ist|war|waren|sind|est|était|étaient|es|era|eran|son|был|была|было|были)\s+(?:all\s+|very\s+|as\s+|ganz\s+|toute?\s+)?$/u;

interface Word {
  value: Attributes;
  at: number;
  end: number;
}

function findWords(low: string): Word[] {
  const words: Word[] = [];
  for (const match of low.matchAll(/[\p{L}\p{M}\p{N}-]+/gu)) {
    const value = meaningOf(match[0]);
    const [at, end] = [match.index, match.index + match[0].length];
    if (value && !isFruit(low, at, end) && !isAfterNegation(low.slice(0, at))) words.push({ value, at, end });
  }
  // Scripts without spaces: every sign by itself.
  for (const match of low.matchAll(/[\p{sc=Han}]/gu)) {
    const value = meaningOf(match[0]);
    if (value && !words.some((one) => one.at === match.index))
      words.push({ value, at: match.index, end: match.index + 1 });
  }
  return words.sort((a, b) => a.at - b.at);
}

function meaningOf(word: string): Attributes | null {
  const colour = colourNames.find((name) => matches(word, colourWords[name]));
  if (colour) return { colour };
  const digits = /^\d{1,2}$/u.test(word) ? Number(word) : 0;
  const count = digits || countWords.findIndex((words) => matches(word, words)) + 1;
  if (count >= 1 && count <= 12) return { count };
  return matches(word, smallWords) ? { isSmall: true } : null;
}

const matches = (word: string, words: string) =>
  words.split(" ").some((one) => (one.endsWith("*") ? word.startsWith(one.slice(0, -1)) : word === one));
