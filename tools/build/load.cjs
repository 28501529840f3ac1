// What a program loads as the library: the file library.cjs next to it, with the code that Node compiled of it in an
// earlier program. To compile it takes longer than to plan a service. Node's own cache would be switched on for the whole
// program, so this code is stored by itself, in the user's own cache; the installation may be read-only.
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { getCompileCacheDir, wrap } = require("node:module");
const { dirname, join } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { Script, runInThisContext } = require("node:vm");
const { threadId } = require("node:worker_threads");
const { crc32 } = require("node:zlib");
const { cacheFolder } = require("./cachefolder.cjs");

const FILE = join(__dirname, "library.cjs");
const NAME = "library-";
const SUM = 4;
/** Several releases and Nodes may be used in turn; each file is about 3 MB. */
const MOST_STORED = 10;

/** In a program that a bundler made, __dirname is another folder, and may contain another library.cjs. */
const IS_INSTALLED = /[\\/]dist[\\/]components$/.test(__dirname);

/**
 * Nothing is stored where Node is told to store nothing, counts what runs, or stores all compiled code itself
 * (NODE_COMPILE_CACHE); and what a test runner loads into a context of its own must stay there.
 */
function isStored() {
  if (!IS_INSTALLED || getCompileCacheDir() !== undefined) return false;
  const { NODE_DISABLE_COMPILE_CACHE: none, NODE_V8_COVERAGE: counted } = process.env;
  return !none && !counted && runInThisContext("globalThis") === globalThis;
}

/**
 * The stored code, if there is any and the file is whole.
 * @param {string} file
 */
function codeIn(file) {
  try {
    const stored = readFileSync(file);
    const code = stored.subarray(SUM);
    return crc32(code) === stored.readUInt32LE(0) ? code : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The folder for the code: Node's `recursive` does not end in file systems that have a folder and refuse its entries.
 * @param {string} folder
 */
function make(folder) {
  for (const one of [dirname(dirname(folder)), dirname(folder), folder]) {
    try {
      mkdirSync(one);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
  }
}

/**
 * Stored at once or not at all: another program may read the file at the same time.
 * @param {import("node:vm").Script} script
 * @param {string} file
 */
function store(script, file) {
  const own = `${file}.${process.pid}.${threadId}`;
  try {
    make(dirname(file));
    const code = script.createCachedData();
    const sum = Buffer.alloc(SUM);
    sum.writeUInt32LE(crc32(code));
    try {
      writeFileSync(own, Buffer.concat([sum, code]));
      renameSync(own, file);
    } finally {
      rmSync(own, { force: true });
    }
    discardOldest(dirname(file));
  } catch {
    // The next program compiles again.
  }
}

/**
 * Removes the code of former releases, and what programs left that were ended while they wrote.
 * @param {string} folder
 */
function discardOldest(folder) {
  const files = readdirSync(folder).filter((name) => name.startsWith(NAME));
  const aged = files.map((name) => ({ path: join(folder, name), written: statSync(join(folder, name)).mtimeMs }));
  aged.sort((one, other) => other.written - one.written);
  for (const { path } of aged.slice(MOST_STORED)) rmSync(path, { force: true });
}

/**
 * The library as a script with its stored code, and the file for its code if none was taken: another release or another
 * Node has another file. Undefined where that cannot be made.
 */
function prepared() {
  try {
    const text = readFileSync(FILE, "utf8");
    const name = `${NAME}${crc32(text).toString(16)}-${cachedDataVersionTag().toString(16)}`;
    const stored = join(cacheFolder(), name);
    const code = codeIn(stored);
    const script = new Script(wrap(text), { filename: FILE, ...(code && { cachedData: code }) });
    return { script, missing: code === undefined || script.cachedDataRejected ? stored : undefined };
  } catch {
    return undefined;
  }
}

const { script, missing } = (isStored() ? prepared() : undefined) ?? {};
// Written out, so that bundlers find the file, and ES modules what they can import from it.
// @ts-expect-error It is built next to this script.
if (script === undefined) module.exports = require("./library.cjs");
else script.runInThisContext().call(module.exports, module.exports, require, module, FILE, __dirname);
// At the end, so that the functions that the program called are compiled in it.
if (script !== undefined && missing !== undefined) process.once("exit", () => store(script, missing));
