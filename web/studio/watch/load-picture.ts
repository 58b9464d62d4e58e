const retryMs = 2_000;
const maxTries = 8;

/** Loads the picture and then shows it; until then the image keeps its old picture. */
export function loadPicture(image: HTMLImageElement, source: string): void {
  if (image.dataset.wanted === source) return;
  image.dataset.wanted = source;
  tryToLoad(image, source, 1);
}

/** Retries, because the network may be down for a while. After the last try the image stays unchanged. */
function tryToLoad(image: HTMLImageElement, source: string, tries: number): void {
  const next = new Image();
  next.addEventListener("load", () => {
    if (image.dataset.wanted !== source) return;
    image.src = source;
    image.hidden = false;
  });
  next.addEventListener("error", () => {
    if (tries === maxTries || image.dataset.wanted !== source || !image.isConnected) return;
    setTimeout(tryToLoad, retryMs, image, source, tries + 1);
  });
  next.src = source;
}
