/** Whether a part of a sentence can stand as a sentence of its own. */

/** Conjunctions after which a clause may share the subject of the one before: "it came and was gone". */
const coordinating = /^(?:and|but|or|so|yet|nor|und|aber|oder|et|mais|ou)$/iu;
const subject =
  /^["'“‘«(]*(?:\p{Lu}|(?:i|he|she|it|they|we|you|there|then|that|this|these|those|the|an?|my|your|his|her|its|our|their|all|both|each|every\p{L}*|some\p{L}*|no|nobody|none|nothing|behold|lo|one|two|three|suddenly|when|where|while|if|ich|er|sie|es|wir|ihr|man|da|dann|dort|plötzlich|der|die|das|ein|eine|mein\p{L}*|dein\p{L}*|sein\p{L}*|ihre?|unser\p{L}*|alle|jeder|jede|jedes|niemand|jemand|wenn|als|wo|weil|je|j['’]\p{L}+|tu|il|elle|on|nous|vous|ils|elles|ce|cela|le|la|les|l['’]\p{L}+|un|une|des|mon|ma|mes|ton|ta|son|sa|ses|notre|nos|leurs?|puis|quand|où)(?![\p{L}]))/u;

/** Words that begin a clause which depends on another: "until it was evening", "as young as he was". */
const dependent =
  /^["'“‘«(]*(?:that|which|who|whom|whose|where|when|while|until|because|as|like|than|though|although|whether|if|dass|ob|weil|als|wie|bis|wo|was|wer|wenn|während|damit|obwohl|sodass|nachdem|bevor|um|deren|dessen|denen|qui|que|qu['’]\p{L}+|dont|où|quand|lorsque|comme|donde|cuando|mientras|porque|che|dove|quando|mentre|onde|enquanto|где|когда|потому|что|чтобы|пока|котор\p{L}+|που|όταν)(?![\p{L}])|^so\s+\p{L}+\s+wie(?![\p{L}])/iu;

/**
 * German relative pronouns are also articles, before a noun or an adjective with its noun: "die alte Frau".
 */
const relative = /^(?:der|die|das|den|dem)\s+(?!(?:\p{Ll}+(?:e|en|er|es|em)\s+){0,2}\p{Lu})/u;
const relativeBefore =
  /^(?:der|die|das|den|dem)\s+(?:(?:ein|mein|dein|sein|ihr|unser)\p{L}*|der|die|das|den|dem|des|unter|über|hinter|neben|gegen|zwischen|ohne|wegen|sie|er|immer|wieder|heute)\s/u;

/** A clause that ends so goes on: "He told me that, if I was quiet, ...". */
const unfinished =
  /(?<![\p{L}])(?:that|whether|because|and|but|or|when|if|dass|ob|weil|und|aber|oder|als|wenn|que|et|mais)["'”’]?,?$/iu;

const pronouns: Record<string, RegExp> = {
  en: /(?<![\p{L}])(?:i|he|she|we|they|you|there)\s+(?!and|or|,)\p{L}/iu,
  de: /(?<![\p{L}])(?:ich|er|wir|man|du|es)(?![\p{L}])/iu,
};
const verbs: Record<string, RegExp> = {
  en: asWords(
    "am is are was were has have had hath did does will would could can may might must should cannot behold show " +
      "came went saw stood sat ran flew fell rose sang swam rode drove wrote spoke said told took gave got found felt " +
      "held kept left lay led lost made met put read rang sank sent shook shone shot slept slid spun spread stole " +
      "struck swept swung taught thought threw woke wore began became broke brought built bought caught chose crept " +
      "cut dug drew drank ate fed fought forgot froze grew heard hid hit hung knew let lit paid burst blew bent bit " +
      "fled flung leapt wept won wound stuck sprang shut sold set \\p{L}{3,}ed",
  ),
  de: asWords(
    "ist sind hat haben wird werden wurden? kann muss will soll (?:war|kam|ging|sah|stand|saß|lief|flog|fiel|stieg|sang|" +
      "schwamm|ritt|fuhr|schrieb|sprach|nahm|gab|fand|hielt|ließ|lag|verlor|traf|las|rief|sank|schlief|trug|zog|warf|" +
      "wuchs|begann|brach|aß|trank|schien|schob|schoss|schnitt|schlug|sprang|starb|hing|hob|half|blieb|bat|floh|roch|" +
      "stieß|tat|riss|verschwand|erschien|entstand|vergaß|verließ|empfing|wusch|stahl|schwang|drang|klang|fing|hieß|" +
      "schwieg|blies|fraß|goss|schloss|griff|pfiff|litt|schritt|strich|wich|biss|schmolz|band|wand|gewann|rann|lud|grub|" +
      "schuf|trat|schrie|bog|lieh|mied|log|betrog|erlosch|stank|schwand|bot)(?:en|n)? " +
      "(?!heute|bitte|letzte|erste|zweite|dritte|rote|weiße|alte|kalte|weite|gute|bunte|harte|zarte|echte|unte|mitte|fünfte)\\p{Ll}{2,}te[nt]?",
  ),
};

function asWords(words: string): RegExp {
  return new RegExp(`(?<![\\p{L}])(?:${words.replaceAll(" ", "|")})(?![\\p{L}])`, "u");
}

/**
 * Whether words that begin with a conjunction name their own subject: "and it was gone", but not "and was
 * gone". Other languages leave it out anyway.
 */
const hasSubject = ([first = "", second = ""]: readonly string[]): boolean =>
  !coordinating.test(first) || subject.test(second) || /^nor$/iu.test(first);

/** Whether the part has a verb that says what its subject does, as far as that is known of the language. */
function hasVerb(part: string, language: string): boolean {
  const known = verbs[language];
  return known === undefined || known.test(part) || pronouns[language]?.test(part) === true;
}

/** Whether the part begins with what its subject does, which then stands before it. */
const beginsWithVerb = (part: string, language: string) =>
  verbs[language]?.test(/^["'“‘«(]*\p{L}+/u.exec(part)?.[0] ?? "") === true;

/** Whether the text opens a quotation that it does not close. */
const isInQuotation = (text: string) => (text.match(/["“”„«»]/gu)?.length ?? 0) % 2 === 1;

/**
 * Whether both parts of a sentence can be told alone: each has a subject and a verb, and none depends on the
 * other. `language` is the text's BCP 47 tag. `sharesSubject`: the second may have the subject of the first.
 */
export function areWhole(before: string, after: string, language: string, sharesSubject = false): boolean {
  if (dependent.test(after) || unfinished.test(before) || isInQuotation(before)) return false;
  if (language === "de" && (relative.test(after) || relativeBefore.test(after))) return false;
  if (beginsWithVerb(after, language) || !(sharesSubject || hasSubject(after.split(" ")))) return false;
  return hasVerb(before, language) && hasVerb(after, language);
}
