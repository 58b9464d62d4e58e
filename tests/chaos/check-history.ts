/**
 * Checks a history against the promises of the whole system. Pure: the same history gives the same result. An
 * operation of unknown outcome counts neither as success nor as a fault.
 */
import type { Entry } from "./history.ts";
import {
  cancelledByItsOwner,
  nothingHappensUnasked,
  oneApprovalOneContinuation,
  waitingCostsNothing,
} from "./promises/approvals.ts";
import { failedForAReason, nothingOverspent, theLedgerIsTheBill } from "./promises/bill.ts";
import {
  anEndIsForEver,
  attemptsAreBounded,
  attemptsRise,
  everyJobEnds,
  noStaleWrite,
  oneCompletion,
} from "./promises/ends-and-attempts.ts";
import {
  nothingLeftBehind,
  othersSeeNothing,
  promisesAreKept,
  receiversHear,
  theFilmIsTheWinners,
} from "./promises/films-and-messages.ts";
import { nothingIsStuck, progressNeverGoesBack, recoveryIsSoon } from "./promises/progress.ts";
import { nothingPaidTwice } from "./promises/purchases.ts";
import type { Limits, Violation } from "./promises/violation.ts";

/** All broken promises, in the order of the rules; empty if the history is good. */
export function checkHistory(history: readonly Entry[], limits: Limits): Violation[] {
  return [
    ...everyJobEnds(history),
    ...anEndIsForEver(history),
    ...oneCompletion(history),
    ...attemptsRise(history),
    ...noStaleWrite(history),
    ...nothingPaidTwice(history),
    ...theLedgerIsTheBill(history),
    ...failedForAReason(history),
    ...theFilmIsTheWinners(history),
    ...promisesAreKept(history),
    ...receiversHear(history, limits),
    ...nothingIsStuck(history, limits),
    ...progressNeverGoesBack(history),
    ...attemptsAreBounded(history),
    ...recoveryIsSoon(history, limits),
    ...othersSeeNothing(history),
    ...nothingLeftBehind(history),
    ...nothingOverspent(history),
    ...nothingHappensUnasked(history),
    ...oneApprovalOneContinuation(history),
    ...waitingCostsNothing(history),
    ...cancelledByItsOwner(history),
  ];
}
