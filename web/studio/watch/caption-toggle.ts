import { byId } from "../../shared/element.ts";

const button = byId("toggle-captions", HTMLButtonElement);
const track = byId("film-captions", HTMLTrackElement);

/** Connects the captions button with the captions track, which the browser's own controls also switch. */
export function setUpCaptions(video: HTMLVideoElement): void {
  button.addEventListener("click", () => {
    track.track.mode = track.track.mode === "showing" ? "disabled" : "showing";
  });
  video.textTracks.addEventListener("change", () => {
    button.setAttribute("aria-pressed", String(track.track.mode === "showing"));
  });
}

/** Sets the captions (address of a WebVTT file); null hides the button. */
export function offerCaptions(address: string | null): void {
  button.hidden = address === null;
  if (address === null) {
    track.track.mode = "disabled";
    track.removeAttribute("src");
  } else if (track.getAttribute("src") !== address) track.src = address;
}
