// Node loads this before the programs of the tests, which saves each of them a third of a second of processor time.
const Module = require("node:module");
const { sep } = require("node:path");
const { pathToFileURL } = require("node:url");

// Their Pulumi.yaml states that Node reads TypeScript itself. The language host that can be built from Go modules is
// older than the engine and ignores that, so it would load a compiler.
if (process.env["PULUMI_NODEJS_TYPESCRIPT"] !== undefined) process.env["PULUMI_NODEJS_TYPESCRIPT"] = "false";

/**
 * Modules that @pulumi/pulumi loads at its start but only uses if a function is sent to the cloud, a program drives a
 * stack, or traces are exported: here they are loaded then. By name, with the end of the file that loads them.
 */
const ON_USE = new Map([
  ["@npmcli/arborist", ""],
  ["normalize-package-data", ""],
  ["typescript", "typescript-shim.js"],
  ["./automation", `@pulumi${sep}pulumi${sep}index.js`],
  ["@opentelemetry/exporter-zipkin", ""],
]);
/**
 * Modules that are never loaded, and their substitutes. Node strips types without moving code, so positions in stack
 * traces are right without source maps, which were read for each trace, several times per resource; the inspector
 * reports the hash of each file, which only the closures of functions need.
 * @type {ReadonlyMap<string, object>}
 */
const NEVER = new Map([
  ["source-map-support/register", {}],
  ["../../runtime/closure/v8Hooks", { isInitializedAsync: async () => undefined }],
]);

/** @type {(name: string, parent?: { filename?: string }, ...rest: unknown[]) => unknown} */
const load = Reflect.get(Module, "_load");

/** @type {typeof load} */
function loadWhenAsked(name, parent, ...rest) {
  const instead = NEVER.get(name);
  if (instead !== undefined) return instead;
  const asks = ON_USE.get(name);
  if (asks === undefined || !parent?.filename?.endsWith(asks)) return load(name, parent, ...rest);
  const whole = () => /** @type {object} */ (load(name, parent, ...rest));
  return new Proxy(
    {},
    {
      // Says that it is compiled ESM, or else all of its exports would be copied at once.
      get: (_target, key) => key === "__esModule" || Reflect.get(whole(), key),
      has: (_target, key) => key in whole(),
    },
  );
}
Reflect.set(Module, "_load", loadWhenAsked);

/** The library as users install it, which a run of all tests builds, in the place of its hundreds of sources. */
const LIBRARY = process.env["KSERVE_LLM_TESTED_LIBRARY"];
if (LIBRARY) {
  const url = pathToFileURL(LIBRARY).href;
  const sources = pathToFileURL(`${__dirname}/../../components/index.ts`).href;
  Module.registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      return found.url === sources ? { ...found, url, format: "commonjs" } : found;
    },
  });
}
