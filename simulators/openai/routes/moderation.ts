import type { Request, Response } from "express";
import { z } from "zod";
import { hash32 } from "../chance.ts";
import { readBody } from "../http/read-body.ts";

const Body = z
  .object({ model: z.string().min(1).optional(), input: z.union([z.string(), z.array(z.string()).min(1)]) })
  .loose();

/** What the simulator's moderation finds in words, by category. */
const flagged: Readonly<Record<string, RegExp>> = {
  sexual: /\b(?:naked|undressed|nude)\b|\bnackt/iu,
  "sexual/minors": /\b(?:child|children|kid|girl|boy)\b.*\b(?:naked|undressed|nude)\b/iu,
  "self-harm": /\b(?:hurt|kill)(?:ed|ing)? (?:myself|himself|herself|themselves)\b/iu,
  "self-harm/intent": /\bwant(?:ed)? to (?:hurt|kill) (?:myself|himself|herself)\b/iu,
  "self-harm/instructions": /\bhow to (?:hurt|kill) (?:myself|yourself|himself|herself|oneself)\b/iu,
  violence: /\b(?:murder|stabb|kill|blood)\w*/iu,
  "violence/graphic": /\b(?:gore|entrails|torn apart|beheaded)\b/iu,
};
const others = [
  "harassment",
  "harassment/threatening",
  "hate",
  "hate/threatening",
  "illicit",
  "illicit/violent",
];

/**
 * POST /v1/moderations, which costs nothing. Scores are 0.97 where the words say so.
 *
 * @throws VendorError that names the parameter
 */
export function moderate(req: Request, res: Response): void {
  const { model = "omni-moderation-latest", input } = readBody(req, Body);
  const texts = typeof input === "string" ? [input] : input;
  res.json({ id: `modr-${hash32(texts.join("\n")).toString(36)}`, model, results: texts.map(judge) });
}

function judge(text: string) {
  const found = Object.entries(flagged).map(([name, words]): [string, boolean] => [name, words.test(text)]);
  const categories = Object.fromEntries([
    ...found,
    ...others.map((name): [string, boolean] => [name, false]),
  ]);
  const scores = Object.entries(categories).map(([name, is]) => [name, is ? 0.97 : 0.0001]);
  return {
    flagged: Object.values(categories).some(Boolean),
    categories,
    category_scores: Object.fromEntries(scores),
    category_applied_input_types: Object.fromEntries(Object.keys(categories).map((name) => [name, ["text"]])),
  };
}
