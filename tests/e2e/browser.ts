import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The command of a Chromium browser; undefined without one. */
export const BROWSER = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"]).error === undefined,
);

interface Event {
  method: string;
  params: { exceptionDetails?: { text: string }; entry?: { level: string; text: string } };
}
type Answer = { result?: { value?: unknown } };

/** One page of a headless browser, controlled by the browser's own protocol. */
export class Page {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;
  #errors: string[] = [];

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    [this.#process, this.#profile, this.#socket] = [process, profile, socket];
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(String(data)) as { id?: number; result?: Answer } & Partial<Event>;
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message.result ?? {});
      const { exceptionDetails, entry } = message.params ?? {};
      if (exceptionDetails !== undefined) this.#errors.push(exceptionDetails.text);
      if (entry?.level === "error") this.#errors.push(entry.text);
    });
  }

  static async open(command: string, { width, height }: { width: number; height: number }): Promise<Page> {
    const profile = mkdtempSync(join(tmpdir(), "kserve-llm-browser-"));
    const args = [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
    ];
    const child = spawn(command, [...args, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
    const port = await new Promise<string>((resolve, reject) => {
      let said = "";
      child.once("exit", () => reject(new Error(`the browser ended: ${said}`)));
      child.stderr?.on("data", (text) => {
        said += String(text);
        const [, found] = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as Record<string, string>[];
    const socket = new WebSocket(targets.find(({ type }) => type === "page")?.["webSocketDebuggerUrl"] ?? "");
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    const page = new Page(child, profile, socket);
    for (const domain of ["Page", "Runtime", "Log"]) await page.#ask(`${domain}.enable`);
    await page.#ask("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: true });
    return page;
  }

  /** Opens an address and returns once it is loaded; errors until then are in `errors`. */
  async visit(address: string): Promise<void> {
    this.#errors = [];
    await this.#ask("Page.navigate", { url: address });
    const loaded = `new Promise((resolve) => document.readyState === "complete" ? resolve(true) : addEventListener("load", () => resolve(true)))`;
    await this.evaluate(loaded);
  }

  get errors(): readonly string[] {
    return this.#errors;
  }

  async evaluate<Value>(expression: string): Promise<Value> {
    const { result } = await this.#ask("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    return result?.value as Value;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#socket.close();
    this.#process.kill();
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #ask(method: string, params: object = {}): Promise<Answer> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
