import { type Blueprint, type CorsRule, corsFile, type LifecycleRule } from "../blueprint.ts";
import type { Found, FoundRule } from "../found.ts";
import { type Step, step } from "./step.ts";

/**
 * The lifecycle rule by which a destroy empties the bucket, because Cloudflare deletes only empty buckets.
 */
export const emptyingRule = "expire-everything";

/** Creates the database and the bucket, and gives the bucket its rules. */
export function planStores({ database, bucket, lifecycle, cors }: Blueprint, found: Found): Step[] {
  const steps: Step[] = [];
  if (!found.database)
    steps.push(step(`Create the database ${database}`, "wrangler", ["d1", "create", database]));
  if (!found.bucket)
    steps.push(step(`Create the bucket ${bucket}`, "wrangler", ["r2", "bucket", "create", bucket]));
  // An earlier destroy left this rule. It would delete new films after a day.
  if (found.bucket?.rules.some(({ name }) => name === emptyingRule))
    steps.push(removeRule(bucket, emptyingRule, "which deletes all objects"));
  for (const rule of lifecycle) {
    const there = found.bucket?.rules.find(({ name }) => name === rule.name);
    if (there && isSameRule(there, rule)) continue;
    if (there) steps.push(removeRule(bucket, rule.name, "which differs"));
    steps.push(step(`Add the bucket's rule ${rule.name}`, "wrangler", ruleArgs(bucket, rule)));
  }
  if (!found.bucket?.cors.some((rule) => allows(rule, cors))) {
    const what =
      found.bucket && found.bucket.cors.length > 0
        ? "Replace the bucket's CORS rules, by which pages cannot upload recordings"
        : "Set the bucket's CORS rule, by which pages upload recordings";
    const args = ["r2", "bucket", "cors", "set", bucket, "--file", corsFile, "--force"];
    steps.push(step(what, "wrangler", args));
  }
  return steps;
}

/** The rule allows what `wanted` allows, and maybe more. */
const allows = (rule: CorsRule, wanted: CorsRule) =>
  (["origins", "methods", "headers"] as const).every((key) =>
    wanted[key].every((one) =>
      rule[key].some((its) => its === "*" || its.toLowerCase() === one.toLowerCase()),
    ),
  );

const removeRule = (bucket: string, name: string, why: string) =>
  step(`Remove the bucket's rule ${name}, ${why}`, "wrangler", [
    ...["r2", "bucket", "lifecycle", "remove", bucket, "--name", name],
  ]);

function ruleArgs(bucket: string, { name, prefix, abortMultipartDays, expireDays }: LifecycleRule): string[] {
  return [
    ...["r2", "bucket", "lifecycle", "add", bucket, name, ...(prefix === "" ? [] : [prefix])],
    ...(abortMultipartDays === undefined ? [] : ["--abort-multipart-days", String(abortMultipartDays)]),
    ...(expireDays === undefined ? [] : ["--expire-days", String(expireDays)]),
    "--force",
  ];
}

function isSameRule(found: FoundRule, { prefix, abortMultipartDays, expireDays }: LifecycleRule): boolean {
  const actions = [
    ...(expireDays === undefined ? [] : [`Expire objects after ${expireDays} days`]),
    ...(abortMultipartDays === undefined
      ? []
      : [`Abort incomplete multipart uploads after ${abortMultipartDays} days`]),
  ];
  return (
    found.enabled === "Yes" &&
    found.prefix === (prefix || "(all prefixes)") &&
    found.action === actions.join(", ")
  );
}
