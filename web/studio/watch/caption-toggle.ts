import { byId } from "../../shared/element.ts";

const button = byId("toggle-captions", HTMLButtonElement);
const track = byId("film-captions", HTMLTrackElement);

/** Has the button lay the film's captions over it, as does the one that hides in the browser's own controls. */
export function setUpCaptions(video: HTMLVideoElement): void {
  button.addEventListener("click", () => {
    track.track.mode = track.track.mode === "showing" ? "disabled" : "showing";
  });
  video.textTracks.addEventListener("change", () => {
    button.setAttribute("aria-pressed", String(track.track.mode === "showing"));
  });
}

/** Offers these captions (WebVTT), or none. */
export function offerCaptions(address: string | null): void {
  button.hidden = address === null;
  if (address === null) {
    track.track.mode = "disabled";
    track.removeAttribute("src");
  } else if (track.getAttribute("src") !== address) track.src = address;
}
