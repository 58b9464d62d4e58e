import type { WebSocket } from "ws";

/** What the session's responses share. */
export interface SessionState {
  model: string;
  voice: string;
  speed: number;
  instructions: string;
}

export interface ResponseRequest {
  socket: WebSocket;
  send(event: object): void;
  session: SessionState;
  text: string;
  instructions: string;
  limit: number | "inf";
}

let count = 0;
/** An id in the form of the API's: the same in every run. */
export const newId = (prefix: string) => `${prefix}_${(++count).toString(36).padStart(12, "0")}`;
