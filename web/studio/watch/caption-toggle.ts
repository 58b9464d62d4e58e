import { byId, setText } from "../../shared/element.ts";

const button = byId("toggle-captions", HTMLButtonElement);
const element = byId("film-captions", HTMLTrackElement);
const words = byId("larger-words", HTMLElement);

/**
 * Connects the captions button. If the film's pictures contain the words already, a track over them would
 * double every word. Then the button shows the words in large letters below the film, and the browser's own
 * controls offer no track.
 */
export function setUpCaptions(video: HTMLVideoElement): void {
  const { track } = element;
  button.addEventListener("click", () => {
    if (!isBurntIn) track.mode = track.mode === "showing" ? "disabled" : "showing";
    else {
      words.hidden = !words.hidden;
      if (!words.hidden) words.scrollIntoView({ block: "nearest" });
      track.mode = words.hidden ? "disabled" : "hidden";
      showWords();
    }
    showPressed();
  });
  track.addEventListener("cuechange", showWords);
  video.textTracks.addEventListener("change", showPressed);
}

let isBurntIn = false;

/**
 * Sets the captions (address of a WebVTT file); null hides the button. `areBurntIn`: the pictures contain the
 * words.
 */
export function offerCaptions(address: string | null, areBurntIn: boolean): void {
  button.hidden = address === null;
  if (address === null) {
    element.track.mode = "disabled";
    words.hidden = true;
    element.removeAttribute("src");
    return;
  }
  if (element.getAttribute("src") === address && areBurntIn === isBurntIn) return;
  isBurntIn = areBurntIn;
  setText(button, areBurntIn ? "Larger words" : "Captions");
  // Browsers offer no metadata in their own menu of captions.
  element.kind = areBurntIn ? "metadata" : "captions";
  element.src = address;
}

function showWords(): void {
  const cues = [...(element.track.activeCues ?? [])] as VTTCue[];
  setText(words, cues.map((cue) => cue.getCueAsHTML().textContent).join(" "));
}

function showPressed(): void {
  const isOn = isBurntIn ? !words.hidden : element.track.mode === "showing";
  button.setAttribute("aria-pressed", String(isOn));
}
