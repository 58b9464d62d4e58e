const retryMs = 2_000;
const mostTries = 8;

/** Has the image show this picture as soon as it is there, and what it showed before until then. */
export function loadPicture(image: HTMLImageElement, source: string): void {
  if (image.dataset.wanted === source) return;
  image.dataset.wanted = source;
  tryToLoad(image, source, 1);
}

/** The network may be away for a while. What can not be loaded at all stays as it was. */
function tryToLoad(image: HTMLImageElement, source: string, tries: number): void {
  const next = new Image();
  next.addEventListener("load", () => {
    if (image.dataset.wanted !== source) return;
    image.src = source;
    image.hidden = false;
  });
  next.addEventListener("error", () => {
    if (tries === mostTries || image.dataset.wanted !== source || !image.isConnected) return;
    setTimeout(tryToLoad, retryMs, image, source, tries + 1);
  });
  next.src = source;
}
