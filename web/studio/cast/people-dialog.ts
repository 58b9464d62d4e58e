/** The people, animals, places and things that the owner's films show the same. */
import type { KnownCastMember } from "../../../contract/cast.ts";
import { hasVisibleText } from "../../../contract/visible-text.ts";
import { announce } from "../../shared/announce.ts";
import { confirmed } from "../../shared/confirm.ts";
import { byId, setText } from "../../shared/element.ts";
import { untilClosed } from "../../shared/until-closed.ts";
import { addMember, deleteMember, deletePhoto, listCast, putPhoto } from "../api/cast.ts";
import { explainProblem } from "../api/explain-problem.ts";
import { personsFirst } from "./describe-member.ts";
import { memberCard } from "./member-card.ts";

const dialog = byId("people-dialog", HTMLDialogElement);
const list = byId("people", HTMLUListElement);
const form = byId("people-form", HTMLFormElement);
const name = byId("people-name", HTMLInputElement);
const description = byId("people-description", HTMLTextAreaElement);
const problem = byId("people-problem", HTMLElement);
const state = byId("people-state", HTMLElement);

/** Connects the button that opens the dialog. Called once. */
export function setUpPeople(): void {
  byId("open-people", HTMLButtonElement).addEventListener("click", () => void showPeople());
}

async function showPeople(): Promise<void> {
  const closing = new AbortController();
  const { signal } = closing;
  let isBusy = false;
  /** Aborts when the list is painted anew. */
  let painted = new AbortController();
  const actions = {
    addPhoto: (member: KnownCastMember, photo: File) =>
      void act(async () => {
        setText(state, `Adding the photo of ${member.name}…`);
        await putPhoto(member.id, photo);
        await read();
        announce(`The next film paints ${member.name} from the photo.`);
        focusOn(member.id, "photo");
      }),
    removePhoto: (member: KnownCastMember) =>
      void act(async () => {
        await deletePhoto(member.id);
        await read();
        announce(`The photo of ${member.name} is deleted.`);
        focusOn(member.id, "photo");
      }),
    remove: (member: KnownCastMember) =>
      void act(async () => {
        const text = `“${member.name}” will be deleted with its pictures and its photo. Finished films stay.`;
        if (!(await confirmed("Delete from your people?", text, "Delete"))) return;
        await deleteMember(member.id);
        const after = cardOf(member.id)?.nextElementSibling ?? cardOf(member.id)?.previousElementSibling;
        await read();
        announce(`${member.name} is deleted.`);
        if (!(after instanceof HTMLElement && focusOn(after.dataset.id ?? "", "photo"))) name.focus();
      }),
  };

  form.reset();
  problem.hidden = true;
  list.replaceChildren();
  setText(state, "Loading…");
  byId("people-close", HTMLButtonElement).addEventListener("click", () => dialog.close(), { signal });
  form.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      void act(add);
    },
    { signal },
  );
  dialog.showModal();
  void act(read);
  await untilClosed(dialog);
  closing.abort();
  painted.abort();

  async function read(): Promise<void> {
    const cast = personsFirst(await listCast(signal));
    if (signal.aborted) return;
    painted.abort();
    painted = new AbortController();
    list.replaceChildren(...cast.map((member) => memberCard(member, actions, painted.signal)));
    setText(
      state,
      cast.length > 0 ? "" : "Nobody yet. Films that keep people looking the same add them here.",
    );
  }

  async function add(): Promise<void> {
    if (!hasVisibleText(name.value)) return refuse("Write a name first.", name);
    if (!hasVisibleText(description.value)) return refuse("Say how the person looks.", description);
    const { id } = await addMember({ kind: "person", name: name.value, description: description.value });
    form.reset();
    await read();
    announce("Added. A photo can be added now.");
    focusOn(id, "photo");
  }

  async function act(work: () => Promise<void>): Promise<void> {
    if (isBusy || signal.aborted) return;
    isBusy = true;
    problem.hidden = true;
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      const { title, advice, code } = explainProblem(error);
      setText(state, "");
      refuse(`${title}. ${advice} (${code})`);
    } finally {
      isBusy = false;
    }
  }
}

function refuse(text: string, field?: HTMLElement): void {
  setText(problem, text);
  problem.hidden = false;
  field?.focus();
  if (field === undefined) problem.scrollIntoView({ block: "nearest" });
}

const cardOf = (id: string) => list.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);

/** Moves the focus. False: there is no such button. */
function focusOn(id: string, part: string): boolean {
  const found = cardOf(id)?.querySelector<HTMLElement>(`[data-part="${part}"]`);
  found?.focus();
  return found != null;
}
