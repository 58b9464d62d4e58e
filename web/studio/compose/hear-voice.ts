/** A short sample of each voice. `npm run voices` makes the files; playing them buys nothing. */
import { byId, setText } from "../../shared/element.ts";
import { showNotice } from "../notice.ts";
import source from "../voices/source.json" with { type: "json" };
import { voices } from "./choices.ts";

const button = byId("hear-voice", HTMLButtonElement);
const note = byId("voice-note", HTMLElement);
const sound = new Audio();
sound.preload = "none";

/** Connects the button that plays and stops the sample of the chosen voice. */
export function setUpVoiceSample(select: HTMLSelectElement): void {
  if (source.isSimulated) setText(note, "The samples are spoken by the simulator, not by a paid AI voice.");
  note.hidden = !source.isSimulated;
  button.addEventListener("click", () => (sound.paused ? void play(select.value) : sound.pause()));
  select.addEventListener("change", () => {
    sound.pause();
    showState();
  });
  for (const event of ["play", "pause", "ended"]) sound.addEventListener(event, showState);
  showState();

  function showState(): void {
    // The dreamer knows the own voice.
    button.hidden = !(select.value in voices);
    setText(button, sound.paused ? "Listen" : "Stop");
    button.setAttribute(
      "aria-label",
      `${sound.paused ? "Listen to the voice" : "Stop the voice"} ${select.selectedOptions[0]?.text ?? ""}`,
    );
  }
}

async function play(voice: string): Promise<void> {
  sound.src = `voices/${voice}.mp3`;
  // A pause while the file loads rejects the promise too.
  await sound.play().catch((error: DOMException) => error.name !== "AbortError" && showNotice(error));
}
