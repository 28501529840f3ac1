import { execFileSync, spawnSync } from "node:child_process";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Children } from "./children.ts";

/** The Service address of the API server, the first of the control plane's range: its certificate names it. */
const API_ADDRESS = "10.96.0.1";
const BRIDGE_ADDRESS = "10.0.255.254";
const PREFIX = 16;
/** A process that holds a namespace ends by itself after this time, whatever happens. */
const LONGEST_SECONDS = 3600;
const DIAL_MS = 10_000;

/** A user other than root can still be root in a user namespace. */
const OWN_USER = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
const ENTER_USER = process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"];

/** Why network namespaces cannot be made here, as a sentence; undefined if they can. */
export function namespaceProblem(): string | undefined {
  if (process.platform !== "linux") return "network namespaces need Linux";
  const script = "ip link add name try0 type veth peer name try1 && nsenter --version";
  const { status, stderr, error } = spawnSync("unshare", [...OWN_USER, "--net", "sh", "-c", script], {
    encoding: "utf8",
    timeout: 20_000,
  });
  if (status === 0) return undefined;
  return `network namespaces cannot be created here (unshare, nsenter and ip): ${(error?.message ?? stderr).trim()}`;
}

/** One pod's network; processes enter it with `enter`. */
export interface PodNetwork {
  address: string;
  /** The command prefix that runs a command in the pod. */
  enter: readonly string[];
}

/**
 * A private network: a namespace with a bridge, and on it a namespace with an address for each pod. Nothing outside of it changes, and the
 * namespaces go with the processes that hold them. The API server, which listens on the machine's loopback, answers the pods at the address of its Service.
 */
export class Network {
  readonly #children: Children;
  readonly #dir: string;
  readonly #holder: number;
  readonly #api: Server;
  #links = 0;

  private constructor(children: Children, dir: string, holder: number, api: Server) {
    this.#children = children;
    this.#dir = dir;
    this.#holder = holder;
    this.#api = api;
  }

  /** @param dir A folder with a short path, for Unix sockets. */
  static async start(children: Children, dir: string, apiServer: { host: string; port: number }): Promise<Network> {
    const bridge = [
      "ip link set lo up",
      "ip link add name bridge0 type bridge",
      `ip addr add ${BRIDGE_ADDRESS}/${PREFIX} dev bridge0`,
      `ip addr add ${API_ADDRESS}/32 dev bridge0`,
      "ip link set bridge0 up",
    ];
    const holder = await children.hold("network", ["unshare", ...OWN_USER, "--net"], bridge, LONGEST_SECONDS);
    const apiSocket = join(dir, "api");
    const api = createServer((pod) => pipeBoth(pod, connect(apiServer.port, apiServer.host)));
    await new Promise<void>((resolve) => api.listen(apiSocket, resolve));
    const network = new Network(children, dir, holder, api);
    const relay = join(import.meta.dirname, "relay.ts");
    const words = [...network.#enter(holder), process.execPath, relay, join(dir, "dial"), apiSocket, API_ADDRESS];
    await children.startReady("relay", words, /^ready$/m);
    return network;
  }

  #enter(pid: number): string[] {
    return ["nsenter", "--target", String(pid), ...ENTER_USER, "--net"];
  }

  /** A namespace with a separate address, until `release`. */
  async pod(name: string, address: string): Promise<PodNetwork> {
    const outer = this.#enter(this.#holder);
    const pid = await this.#children.hold(name, [...outer, "unshare", "--net"], ["ip link set lo up"], LONGEST_SECONDS);
    const link = `pod${this.#links++}`;
    run(
      outer,
      `ip link add name ${link} type veth peer name eth0 netns ${pid}`,
      `ip link set ${link} master bridge0 up`,
    );
    const enter = this.#enter(pid);
    const route = `ip route add default via ${BRIDGE_ADDRESS}`;
    run(enter, `ip addr add ${address}/${PREFIX} dev eth0`, "ip link set eth0 up", route);
    return { address, enter };
  }

  /** A connection to an address of the network. */
  dial(host: string, port: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(join(this.#dir, "dial"));
      const fail = (error?: Error): void => {
        socket.destroy();
        reject(error ?? new Error(`${host}:${port} does not accept connections`));
      };
      const onClose = (): void => fail();
      socket.setTimeout(DIAL_MS, onClose);
      socket.once("error", fail);
      socket.once("close", onClose);
      socket.once("connect", () => void socket.write(`${host} ${port}\n`));
      socket.once("readable", () => {
        if (socket.read(1) === null) return;
        socket.setTimeout(0);
        socket.off("error", fail);
        socket.off("close", onClose);
        resolve(socket);
      });
    });
  }

  stop(): void {
    this.#api.close();
  }
}

function pipeBoth(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on("error", () => undefined);
    socket.on("close", () => peer.destroy());
  }
}

function run(enter: readonly string[], ...commands: string[]): void {
  const [command = "", ...args] = enter;
  execFileSync(command, [...args, "sh", "-c", commands.join(" && ")], { stdio: ["ignore", "pipe", "pipe"] });
}

export { API_ADDRESS };
