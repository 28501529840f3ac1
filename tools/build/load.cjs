// What a program loads as the library: the file library.cjs next to it, with the code that Node compiled of it in an
// earlier program. To compile it takes longer than to plan a service. Node's own cache would be switched on for the whole
// program, so this code is stored by itself, in the user's own cache; the installation may be read-only.
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { wrap } = require("node:module");
const { join } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { Script, runInThisContext } = require("node:vm");
const { crc32 } = require("node:zlib");
const { cacheFolder } = require("./cachefolder.cjs");

const FILE = join(__dirname, "library.cjs");
const SUM = 4;

/**
 * Nothing is stored where Node is told to store nothing, or counts what runs; and what a test runner loads into a context of
 * its own must stay there.
 */
function isStored() {
  const { NODE_DISABLE_COMPILE_CACHE: none, NODE_V8_COVERAGE: counted } = process.env;
  return !none && !counted && runInThisContext("globalThis") === globalThis;
}

/** The text of the library, and the file for its code: another release or another Node has another file. */
function filesOf() {
  try {
    const text = readFileSync(FILE, "utf8");
    const name = `library-${crc32(text).toString(16)}-${cachedDataVersionTag().toString(16)}`;
    return { text, stored: join(cacheFolder(), name) };
  } catch {
    return undefined;
  }
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
 * Stored at once or not at all: another program may read the file at the same time.
 * @param {import("node:vm").Script} script
 * @param {string} file
 */
function store(script, file) {
  try {
    const code = script.createCachedData();
    const sum = Buffer.alloc(SUM);
    sum.writeUInt32LE(crc32(code));
    mkdirSync(join(file, ".."), { recursive: true });
    const own = `${file}.${process.pid}`;
    writeFileSync(own, Buffer.concat([sum, code]));
    renameSync(own, file);
  } catch {
    // The next program compiles again.
  }
}

/** @param {{ text: string, stored: string }} files */
function load({ text, stored }) {
  const code = codeIn(stored);
  const script = new Script(wrap(text), { filename: FILE, ...(code && { cachedData: code }) });
  script.runInThisContext().call(module.exports, module.exports, require, module, FILE, __dirname);
  // At the end, so that the functions that the program called are compiled in it.
  if (code === undefined || script.cachedDataRejected) process.once("exit", () => store(script, stored));
}

const files = isStored() ? filesOf() : undefined;
if (files === undefined) module.exports = require(FILE);
else load(files);
