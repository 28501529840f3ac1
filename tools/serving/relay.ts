import { connect, createServer, type Socket } from "node:net";

// node relay.ts SOCKET API_SOCKET API_ADDRESS: runs in the private network. It opens connections for clients of the
// Unix socket SOCKET (a line `HOST PORT`, answered by a plus sign), and forwards API_ADDRESS:443, where pods look for
// the API server, to API_SOCKET.
const [, , dialSocket = "", apiSocket = "", apiAddress = ""] = process.argv;

function join(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  for (const socket of [one, other]) {
    socket.on("error", () => undefined);
    socket.on("close", () => {
      one.destroy();
      other.destroy();
    });
  }
}

/** The line is sent first, and the next data comes after the answer, so it arrives as a whole. */
function dial(asker: Socket): void {
  asker.on("error", () => undefined);
  asker.once("data", (line: Buffer) => {
    const [host = "", port] = line.toString("utf8").trim().split(" ");
    const dialled = connect(Number(port), host);
    const refuse = (): void => void asker.destroy();
    dialled.once("error", refuse);
    dialled.once("connect", () => {
      dialled.off("error", refuse);
      asker.write("+");
      join(asker, dialled);
    });
  });
}

const dialler = createServer(dial).listen(dialSocket);
const api = createServer((pod) => join(pod, connect(apiSocket))).listen(443, apiAddress);
let waited = 2;
for (const server of [dialler, api]) {
  server.on("listening", () => {
    waited -= 1;
    if (waited === 0) process.stdout.write("ready\n");
  });
}
