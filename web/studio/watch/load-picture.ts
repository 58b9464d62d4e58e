const retryMs = 2_000;
const maxTries = 8;

/**
 * Loads the picture and then shows it; until then the image keeps its old picture. Calls `onShown` once, when
 * the picture is shown.
 */
export function loadPicture(image: HTMLImageElement, source: string, onShown = () => {}): void {
  if (image.dataset.wanted === source) return;
  image.dataset.wanted = source;
  tryToLoad(image, source, onShown, 1);
}

/** Retries, because the network may be down for a while. After the last try the image stays unchanged. */
function tryToLoad(image: HTMLImageElement, source: string, onShown: () => void, tries: number): void {
  const next = new Image();
  next.addEventListener("load", () => {
    if (image.dataset.wanted !== source) return;
    image.src = source;
    image.hidden = false;
    onShown();
  });
  next.addEventListener("error", () => {
    if (tries === maxTries || image.dataset.wanted !== source || !image.isConnected) return;
    setTimeout(tryToLoad, retryMs, image, source, onShown, tries + 1);
  });
  next.src = source;
}
