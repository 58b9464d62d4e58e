/**
 * The simulator of OpenAI's API: `node simulators/openai/main.ts`, PORT from the environment. No account, no
 * key. Prints one line when it listens; stops on SIGTERM and SIGINT.
 */
import { Control } from "./control.ts";
import { readEnvironment } from "./environment.ts";
import { Ledger } from "./ledger.ts";
import { serveRealtime } from "./realtime/serve-realtime.ts";
import { createApp } from "./server.ts";

const { port, host, control } = readEnvironment(process.env);
const state = { control: new Control(control), ledger: new Ledger() };
const server = createApp(state).listen(port, host, (error) => {
  if (error) {
    console.error(`openai simulator cannot listen on ${host}:${port}: ${error.message}`);
    process.exit(1);
  }
  const address = server.address();
  const actual = typeof address === "object" && address ? address.port : port;
  console.log(`openai simulator ready at http://${host}:${actual}/v1`);
});
const sockets = serveRealtime(server, state);
server.requestTimeout = 0;
// Long, so that a client's idle connection is not closed at the moment when the client uses it again.
server.keepAliveTimeout = 10 * 60_000;

// The channel to a parent that has one ends with the parent, however it ends.
for (const end of ["SIGTERM", "SIGINT", "disconnect"]) {
  process.once(end, () => {
    for (const socket of sockets) socket.terminate();
    server.close();
    server.closeAllConnections();
  });
}
process.channel?.unref();
