import { byId, setText } from "../../shared/element.ts";
import { wordsAt } from "./words-at.ts";

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
  shownVideo = video;
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
  // In a pause between two cues, or before the film plays, no cue changes.
  for (const event of ["seeked", "emptied", "loadedmetadata"]) video.addEventListener(event, showWords);
  for (const event of ["load", "error"]) element.addEventListener(event, showWords);
  video.textTracks.addEventListener("change", showPressed);
}

let isBurntIn = false;
let shownVideo: HTMLVideoElement | null = null;

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
  if (words.hidden) return;
  const cues = [...(element.track.cues ?? [])] as VTTCue[];
  const timed = cues.map((cue) => ({
    startTime: cue.startTime,
    endTime: cue.endTime,
    text: cue.getCueAsHTML().textContent ?? "",
  }));
  setText(words, wordsAt(timed, shownVideo?.currentTime ?? 0) || withoutCues());
}

/** Why there are no words to show. */
function withoutCues(): string {
  if (element.readyState === HTMLTrackElement.ERROR) return "The words could not be loaded.";
  return element.readyState === HTMLTrackElement.LOADED ? "The film has no words." : "Loading the words…";
}

function showPressed(): void {
  const isOn = isBurntIn ? !words.hidden : element.track.mode === "showing";
  button.setAttribute("aria-pressed", String(isOn));
}
