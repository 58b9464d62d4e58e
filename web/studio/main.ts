/** The studio: a person writes down a dream and watches its film while it is being made. */

import { announce } from "../shared/announce.ts";
import { byId } from "../shared/element.ts";
import { readKey, takeKeyFromAddress } from "./api/key.ts";
import { setUpPeople } from "./cast/people-dialog.ts";
import { setUpCompose, showCompose } from "./compose/compose-view.ts";
import { askKey } from "./dialogs/ask-key.ts";
import { setUpLibrary, showLibrary } from "./library/library-view.ts";
import { hideNotice } from "./notice.ts";
import { followRoute, type Route } from "./route.ts";
import { leaveTelling } from "./tell/tell-view.ts";
import { setUpCaptions } from "./watch/caption-toggle.ts";
import { watchDream } from "./watch/watch-view.ts";
import { showWelcome } from "./welcome.ts";

addEventListener("hashchange", () => void takeKeyFromAddress().then((hasChanged) => hasChanged && reload()));
await takeKeyFromAddress();
setUpCompose();
setUpLibrary();
setUpPeople();
setUpCaptions(byId("film", HTMLVideoElement));
byId("change-key", HTMLButtonElement).addEventListener("click", () => void askKey().then(reload));
addEventListener("dreamreel:key-needed", () => void askKey().then(reload));
byId("enter-key", HTMLButtonElement).addEventListener("click", () => void askKey().then(reload));
followRoute(show);

function show(route: Route, signal: AbortSignal): void {
  hideNotice();
  announce("");
  const hasKey = readKey() !== null;
  byId("compose", HTMLElement).hidden = !hasKey || route.page === "watch";
  byId("watch", HTMLElement).hidden = !hasKey || route.page !== "watch";
  showWelcome(!hasKey);
  scrollTo(0, 0);
  if (!hasKey) return;
  if (route.page === "watch") {
    leaveTelling();
    byId("library", HTMLElement).hidden = true;
    byId("watch-title", HTMLElement).focus({ preventScroll: true });
    void watchDream(route.dreamId, signal);
    return;
  }
  document.title = "Dreamreel";
  void showCompose(route.page === "again" ? route.dreamId : null, signal);
  if (route.page === "again") byId("library", HTMLElement).hidden = true;
  else void showLibrary(signal);
}

/** Loads the page's data again, with another key. */
function reload(): void {
  dispatchEvent(new Event("hashchange"));
}
