/** The storyboard as the owner changes it, before it is sent. Pure. */
import type { EditStoryboard, WaitingStoryboard } from "../../../contract/approval.ts";
import { limits } from "../../../contract/limits.ts";
import { hasVisibleText } from "../../../contract/visible-text.ts";

type Scene = WaitingStoryboard["scenes"][number];

/** A scene of the draft. `key` stays the same when the scene moves. */
export interface DraftScene {
  key: number;
  /** With the fields that this page does not know. */
  scene: Scene;
  /** The picture that is bought for its words. */
  pictureUrl: string | null;
}

export interface Draft {
  title: string;
  language: string;
  scenes: readonly DraftScene[];
  /** Whom the scenes may show. It is not changed here. */
  cast: NonNullable<WaitingStoryboard["cast"]>;
  /** The dreamer's recordings narrate, so no scene can tell other words. */
  isRecorded: boolean;
  /** Of the next new scene. */
  nextKey: number;
}

/** The draft that is the storyboard as it is stored. */
export const draftOf = ({
  title,
  language,
  scenes,
  cast = [],
  picture_urls,
  own_voice,
}: WaitingStoryboard): Draft => ({
  // An older edge does not say whose voice it is.
  ...{ title, language, cast, nextKey: scenes.length, isRecorded: own_voice ?? false },
  scenes: scenes.map((scene, key) => ({ key, scene, pictureUrl: picture_urls[key] ?? null })),
});

/** The draft with other words, or others of the cast, in a scene. */
export const changeScene = (
  draft: Draft,
  key: number,
  change: Partial<Pick<Scene, "narration" | "picture" | "cast">>,
): Draft => ({
  ...draft,
  scenes: draft.scenes.map((one) => (one.key === key ? { ...one, scene: { ...one.scene, ...change } } : one)),
});

/** The draft with an empty scene at its end. */
export const addScene = (draft: Draft): Draft => ({
  ...draft,
  nextKey: draft.nextKey + 1,
  scenes: [
    ...draft.scenes,
    {
      key: draft.nextKey,
      scene: { narration: "", picture: "", picture_take: 0, voice_take: 0 },
      pictureUrl: null,
    },
  ],
});

/** The draft without the scene. */
export const removeScene = (draft: Draft, key: number): Draft => ({
  ...draft,
  scenes: draft.scenes.filter((one) => one.key !== key),
});

/** The draft with the scene one place earlier (-1) or later (1); unchanged at the end of the list. */
export function moveScene(draft: Draft, key: number, by: -1 | 1): Draft {
  const from = draft.scenes.findIndex((one) => one.key === key);
  const to = from + by;
  const scenes = [...draft.scenes];
  const [moved] = scenes.splice(from, 1);
  if (moved === undefined || to < 0 || to > scenes.length) return draft;
  scenes.splice(to, 0, moved);
  return { ...draft, scenes };
}

/** Scripts that write no space between sentences. */
const isSpaceless = (language: string) => /^(zh|ja|th)\b/i.test(language);

/** The draft with the scene and the next one as one scene: both narrations, and the first picture. */
export function mergeWithNext(draft: Draft, key: number): Draft {
  const at = draft.scenes.findIndex((one) => one.key === key);
  const [first, second] = [draft.scenes[at], draft.scenes[at + 1]];
  if (first === undefined || second === undefined) return draft;
  const words = [first.scene.narration, second.scene.narration].filter((text) => hasVisibleText(text));
  const narration = words.join(isSpaceless(draft.language) ? "" : " ");
  return changeScene(removeScene(draft, second.key), key, { narration });
}

/** What is sent. A scene without a description of its picture is described by its narration. */
export const editOf = ({ title, scenes }: Draft): EditStoryboard => ({
  title,
  scenes: scenes.map(({ scene }) =>
    hasVisibleText(scene.picture) ? scene : { ...scene, picture: scene.narration },
  ),
});

/** Where the draft cannot be sent as it is. */
export interface DraftFault {
  /** The scene; null: the title, or the list as a whole. */
  key: number | null;
  part: "narration" | "picture";
  text: string;
}

/** The fault of the text that a JSON pointer of the API names, as `/scenes/1/picture`. */
export function faultAt({ scenes }: Draft, pointer: string, text: string): DraftFault {
  const [, index, part] = /^\/scenes\/(\d+)\/(\w+)/.exec(pointer) ?? [];
  const key = scenes[Number(index)]?.key ?? null;
  return { key, part: part === "picture" ? part : "narration", text };
}

/**
 * What is left of the fault after a change: null if its scene has changed. One of the title, or of the cast,
 * goes with every change: the service says again what it refuses.
 */
export function faultAfter(fault: DraftFault | null, before: Draft, after: Draft): DraftFault | null {
  const sceneOf = ({ scenes }: Draft) => scenes.find(({ key }) => key === fault?.key)?.scene;
  return fault === null || fault.key === null || sceneOf(before) !== sceneOf(after) ? null : fault;
}

/** The first fault of the draft; null if it can be sent. */
export function faultOf({ title, scenes }: Draft): DraftFault | null {
  const whole = { key: null, part: "narration" } as const;
  if (!hasVisibleText(title)) return { ...whole, text: "Give the film a title." };
  if (scenes.length === 0) return { ...whole, text: "A film needs at least one scene." };
  const isLong = (text: string) => [...text].length > limits.sceneTextChars;
  for (const { key, scene } of scenes) {
    if (!hasVisibleText(scene.narration))
      return { key, part: "narration", text: "Say what is told here, or remove the scene." };
    if (isLong(scene.narration) || isLong(scene.picture))
      return {
        key,
        part: isLong(scene.picture) ? "picture" : "narration",
        text: `At most ${limits.sceneTextChars.toLocaleString("en")} characters fit one scene.`,
      };
  }
  return null;
}

/** Why nothing of the draft is stored; null if it can be. */
export function describeUnsaved(draft: Draft): string | null {
  const fault = faultOf(draft);
  if (fault === null) return null;
  const number = draft.scenes.findIndex(({ key }) => key === fault.key) + 1;
  return number === 0 ? `Not saved. ${fault.text}` : `Not saved. Scene ${number}: ${fault.text}`;
}

/**
 * The draft after what was sent has been stored. Scenes that have changed since then keep their words.
 *
 * @param sent the draft that was sent
 */
export function takeStored(draft: Draft, sent: Draft, stored: WaitingStoryboard): Draft {
  const byKey = new Map(sent.scenes.map((one, index) => [one.key, { one, index }]));
  const scenes = draft.scenes.map((now) => {
    const { one, index } = byKey.get(now.key) ?? {};
    const scene = index === undefined ? undefined : stored.scenes[index];
    if (one === undefined || index === undefined || scene === undefined) return now;
    const pictureUrl = stored.picture_urls[index] ?? null;
    // An empty description stays empty on the page.
    const shown = { ...scene, picture: hasVisibleText(one.scene.picture) ? scene.picture : "" };
    return { ...now, pictureUrl, scene: one.scene === now.scene ? shown : now.scene };
  });
  return { ...draft, scenes };
}
