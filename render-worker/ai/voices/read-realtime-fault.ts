/** Reads the faults that a Realtime session reports, in the terms of classify-fault.ts. */
import type { RealtimeError, RealtimeResponse } from "openai/resources/realtime/realtime";
import { type CodedError, Poison, Transient } from "../../errors.ts";
import { classifyFault } from "../classify-fault.ts";
import { readFault } from "../read-fault.ts";

/** The statuses that the HTTP API sends with the same types of errors. */
const statuses: Record<string, number> = { invalid_request_error: 400, server_error: 500 };

/** The error to throw for an `error` event. The provider reported it, so its outcome is known. */
export const faultOfEvent = (error: Partial<RealtimeError>): CodedError =>
  classifyFault(
    "voice",
    readFault(error, statuses[error.type ?? ""], { isOutcomeKnown: true, cause: new Error(error.message) }),
  );

/** Why a finished response must not be kept; null for a completed one. */
export function faultOfResponse({ status, status_details }: RealtimeResponse): CodedError | null {
  if (status === "completed") return null;
  if (status === "failed") return faultOfEvent({ ...status_details?.error } as Partial<RealtimeError>);
  if (status_details?.reason === "content_filter")
    return new Poison(
      "openai.refused",
      "The AI provider refused the content. Change the dream's text and ask for the film again.",
      { aiFault: "refused" },
    );
  return new Transient("voice.incomplete", "The voice ended before its text", { aiFault: "unreadable" });
}
