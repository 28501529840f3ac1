// Runs a TypeScript script of the project on the project's own Node, on a machine that has nothing but some Node and npm:
//   node tools/bootstrap.mjs SCRIPT.ts [ARGS…]
// Installs the npm dependencies when they are missing or not those of package-lock.json. Must itself run on Node 20.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const MODULES = join(ROOT, "node_modules");
const BIN = join(MODULES, ".bin");
const STAMP = join(MODULES, ".installed-lock");
// Next to node_modules, which `npm ci` removes.
const LOCK = join(ROOT, ".npm-install-lock");
/** From here on Node reads TypeScript by itself. */
const OLDEST_NODE = "22.18";
const LOCK_PATIENCE_MS = 10 * 60_000;

const [script, ...args] = process.argv.slice(2);
try {
  if (script === undefined) throw new Error("usage: node tools/bootstrap.mjs SCRIPT.ts [ARGS…]");
  if (!isInstalled()) await withLock(install);
  run(projectNode(), [join(ROOT, script), ...args]);
} catch (error) {
  process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
  process.exitCode = 1;
}

function isInstalled() {
  return hasDependencies() && isRecent(projectNode());
}

async function install() {
  if (!hasDependencies()) {
    process.stderr.write("Installing the npm dependencies (about a minute) …\n");
    const status = await npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    if (status !== 0) throw new Error("npm ci failed: see above. With the registry reachable, run it again.");
  }
  if (!isRecent(projectNode())) await installNode();
  writeFileSync(STAMP, lockDigest());
}

/**
 * Whether the installed packages are those of package-lock.json, by the project's stamp or, after a manual npm run, by
 * npm's own list.
 */
function hasDependencies() {
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === lockDigest()) return true;
  const installed = packagesIn(join(MODULES, ".package-lock.json"));
  const wanted = Object.entries(packagesIn(join(ROOT, "package-lock.json")));
  return (
    wanted.every(
      ([path, { version, optional }]) =>
        path === "" || installed[path]?.version === version || (optional && !installed[path]),
    ) && Object.keys(installed).length > 0
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

function lockDigest() {
  const digest = createHash("sha256");
  return digest.update(readFileSync(join(ROOT, "package-lock.json"))).digest("hex");
}

/**
 * The npm package `node` downloads its binary in an install script, which npm skips if the user or a newer npm disables
 * scripts: then that one script is run separately.
 */
async function installNode() {
  process.stderr.write('Fetching Node for this project (npm package "node") …\n');
  await npm(["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"]);
  if (isRecent(projectNode())) return;
  const folder = join(MODULES, "node");
  await spawnInLock(process.execPath, ["installArchSpecificPackage.js"], folder);
  if (isRecent(projectNode())) return;
  throw new Error(
    `Node ${OLDEST_NODE} or newer is needed, and the npm package "node" brought none. Allow its install script (npm rebuild node), or install Node 24.`,
  );
}

/** The Node of the npm package `node`, otherwise the running one if it is new enough. */
function projectNode() {
  const own = [join(BIN, "node"), join(MODULES, "node", "bin", "node")].find((file) => existsSync(file));
  return own !== undefined && isRecent(own) ? own : process.execPath;
}

/** @param {string} node */
function isRecent(node) {
  const { status, stdout } =
    node === process.execPath
      ? { status: 0, stdout: process.version }
      : spawnSync(node, ["--version"], { encoding: "utf8" });
  if (status !== 0) return false;
  const [major = 0, minor = 0] = stdout.trim().replace(/^v/, "").split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** @param {string[]} argv */
function npm(argv) {
  return spawnInLock(process.platform === "win32" ? "npm.cmd" : "npm", argv, ROOT);
}

/**
 * Runs a command while the lock is held. Its id goes into the lock: it may outlive us when we are killed.
 * @param {string} command
 * @param {string[]} argv
 * @param {string} cwd
 * @returns {Promise<number | null>}
 */
function spawnInLock(command, argv, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { cwd, stdio: ["ignore", 2, 2] });
    writeFileSync(join(LOCK, "pids"), `${process.pid} ${child.pid ?? ""}`);
    child.on("error", reject);
    child.on("close", resolve);
  });
}

/**
 * One installation at a time; a lock whose holders are all gone is taken over.
 * @param {() => Promise<void>} work
 */
async function withLock(work) {
  const deadline = Date.now() + LOCK_PATIENCE_MS;
  for (let waited = false; !isLockTaken(); waited = true) {
    if (!waited) process.stderr.write(`The npm dependencies are being installed by ${holder()}: waiting for it.\n`);
    if (Date.now() > deadline) {
      throw new Error(`The npm dependencies are still being installed by ${holder()}. Remove ${LOCK} if it is not.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    if (!isInstalled()) await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

/** The process that installs, and since when, if the lock contains it. */
function holder() {
  try {
    const [pid] = readFileSync(join(LOCK, "pids"), "utf8").trim().split(/\s+/);
    return `process ${pid} since ${statSync(LOCK).birthtime.toTimeString().slice(0, 8)}`;
  } catch {
    return "another process";
  }
}

function isLockTaken() {
  if (existsSync(LOCK) && isAbandoned()) {
    // It is renamed before it is removed, so that only one of two processes removes it.
    const aside = `${LOCK}.${process.pid}`;
    try {
      renameSync(LOCK, aside);
      rmSync(aside, { recursive: true, force: true });
    } catch {
      return false;
    }
  }
  try {
    mkdirSync(LOCK);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(LOCK, "pids"), String(process.pid));
  return true;
}

function isAbandoned() {
  try {
    const pids = readFileSync(join(LOCK, "pids"), "utf8").trim().split(/\s+/).map(Number);
    if (pids.some((pid) => pid > 0)) return !pids.some(isAlive);
  } catch {
    // The lock is empty: the holder is about to write it, unless it died in between.
  }
  return Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 5_000;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * @param {string} node
 * @param {string[]} argv
 */
function run(node, argv) {
  const path = [BIN, join(MODULES, "node", "bin"), process.env.PATH ?? ""].join(delimiter);
  const cache = process.env.NODE_COMPILE_CACHE ?? join(MODULES, ".cache/node");
  const env = { ...process.env, PATH: path, NODE_COMPILE_CACHE: cache };
  const child = spawn(node, argv, { stdio: "inherit", env });
  // A Ctrl-C in a terminal reaches the child directly, and a second one would abort it at once.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
}
