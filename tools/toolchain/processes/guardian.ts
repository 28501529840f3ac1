import { spawn } from "node:child_process";
import type { Writable } from "node:stream";

/**
 * Reads lines from a pipe until it closes: `watch PID`, `clean FOLDER`, `done`. Without a `done` the writer was killed,
 * perhaps by `kill -9`, and could not clean up.
 */
const SCRIPT = `
trap '' INT TERM HUP
pids=; folder=
while read -r verb value; do
  case $verb in
    watch) pids="$pids $value" ;;
    clean) folder=$value ;;
    done) exit 0 ;;
  esac
done
for pid in $pids; do kill -KILL "-$pid" 2>/dev/null; done
[ -z "$folder" ] || { sleep 0.5; rm -rf -- "$folder"; }
`;

/**
 * Ends the process groups that this process started, and removes their folder, once this process is gone, however it
 * ended.
 */
export class Guardian {
  readonly #orders: Writable;

  constructor() {
    const shell = spawn("sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
    shell.on("error", () => undefined);
    shell.stdin.on("error", () => undefined);
    shell.unref();
    (shell.stdin as Writable & { unref?(): void }).unref?.();
    this.#orders = shell.stdin;
  }

  /** `pid` is the leader of a process group (`detached`). */
  watch(pid: number): void {
    this.#orders.write(`watch ${pid}\n`);
  }

  clean(folder: string): void {
    this.#orders.write(`clean ${folder}\n`);
  }

  /** Everything has ended as intended: nothing is left to do. */
  release(): void {
    this.#orders.end("done\n");
  }
}
