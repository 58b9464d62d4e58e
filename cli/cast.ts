/** The people, animals, places and things that an owner's films show the same, on the command line. */
import { readFile, stat } from "node:fs/promises";
import { UsageError } from "../command-line/describe-error.ts";
import type { Output } from "../command-line/output.ts";
import { CastKind, type KnownCastMember } from "../contract/cast.ts";
import { limits } from "../contract/limits.ts";
import type { ApiClient } from "./api-client.ts";

type CastApi = Pick<ApiClient, "cast" | "addMember" | "deleteMember" | "putPhoto" | "deletePhoto">;

/** Lists the cast, the last used first. */
export async function listCast(api: CastApi, output: Output): Promise<void> {
  const { cast } = await api.cast();
  if (cast.length === 0)
    output.say("Your cast is empty. Films made with --cast fill it, and `cast-add` does.");
  for (const member of cast) output.result(member, describe(member));
}

const describe = ({ kind, name, description, photo_added_at }: KnownCastMember) =>
  `${name} (${kind}${photo_added_at === null ? "" : ", with a photo"})\n    ${description}`;

/**
 * Adds a member, or describes the one of this kind and name anew.
 *
 * @throws UsageError if there is no such kind; ApiProblem
 */
export async function addMember(
  api: CastApi,
  { kind, ...member }: { name: string; description: string; kind: string },
  output: Output,
): Promise<void> {
  const known = CastKind.safeParse(kind);
  if (!known.success) throw new UsageError(`--kind is one of ${CastKind.options.join(", ")}`);
  const added = await api.addMember({ ...member, kind: known.data });
  output.result(added, describe(added));
}

/**
 * Adds, replaces or removes the photo of the member of this name or id.
 *
 * @throws UsageError if the name means none or several, or the file is none; ApiProblem
 */
export async function changePhoto(
  api: CastApi,
  { name, file, isRemoved }: { name: string; file?: string | undefined; isRemoved: boolean },
  output: Output,
): Promise<void> {
  if (isRemoved === (file !== undefined)) throw new UsageError("give either the photo's file or --remove");
  const member = await findMember(api, name);
  if (file === undefined) {
    await api.deletePhoto(member.id);
    return output.result({ id: member.id, photo_added_at: null }, `The photo of ${member.name} is deleted.`);
  }
  const pictured = await api.putPhoto(member.id, await readPhoto(file));
  output.result(pictured, `The next film with ${member.name} is painted from the photo.`);
}

/** @throws UsageError if there is no such file, or it is too large to be sent */
async function readPhoto(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new UsageError(`${file} is no file`);
  if (found.size > limits.photoBytes)
    throw new UsageError(`${file} is larger than ${limits.photoBytes / 1024 ** 2} MiB`);
  return new Uint8Array(await readFile(file));
}

/** Deletes the member of this name or id. @throws UsageError, ApiProblem */
export async function deleteMember(api: CastApi, name: string, output: Output): Promise<void> {
  const member = await findMember(api, name);
  await api.deleteMember(member.id);
  output.result({ id: member.id, deleted: true }, `${member.name} is deleted.`);
}

async function findMember(api: CastApi, name: string): Promise<KnownCastMember> {
  const { cast } = await api.cast();
  const wanted = name.toLowerCase();
  const found = cast.filter((member) => member.id === name || member.name.toLowerCase() === wanted);
  const [member] = found;
  if (member === undefined) throw new UsageError(`your cast has no “${name}”; \`dreamreel cast\` lists it`);
  if (found.length > 1)
    throw new UsageError(
      `your cast has ${found.length} named “${name}”; use an id of \`dreamreel cast --json\``,
    );
  return member;
}
