import { type Fault, isBilled } from "../control.ts";
import { newId, type ResponseRequest } from "./response-request.ts";

/** Ends a call that is not billed, as the Realtime API reports it. False for a fault of a billed call. */
export function refuseResponse(fault: Fault, { socket, send }: ResponseRequest): boolean {
  if (isBilled(fault.kind)) return false;
  const error = (type: string, code: string | null, message: string) =>
    send({ type: "error", error: { type, code, message, param: null } });
  const fail = (type: string, code: string) =>
    send({
      type: "response.done",
      response: {
        id: newId("resp"),
        object: "realtime.response",
        status: "failed",
        status_details: { type: "failed", error: { type, code, message: `${code}.` } },
        output: [],
      },
    });
  switch (fault.kind) {
    case "connection_reset":
      socket.terminate();
      break;
    case "rate_limited":
      error("requests", "rate_limit_exceeded", "Rate limit reached for requests. Please try again later.");
      break;
    case "model_not_found":
      error("invalid_request_error", "model_not_found", "The model does not exist.");
      break;
    case "insufficient_quota":
      fail("insufficient_quota", "insufficient_quota");
      break;
    case "content_policy_violation":
      fail("invalid_request_error", "content_policy_violation");
      break;
    default:
      // An event has no status, so its code tells what a status tells over HTTP.
      if (fault.status === 401 || fault.status === 403)
        error("invalid_request_error", "invalid_api_key", "Incorrect API key provided.");
      else if (fault.status < 500) error("invalid_request_error", null, "The request cannot be used.");
      else fail("server_error", "server_error");
  }
  return true;
}
