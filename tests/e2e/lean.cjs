// Node loads this before the programs of the tests: more than half a second of processor time less for each of them.
const Module = require("node:module");
const { sep } = require("node:path");

// Their Pulumi.yaml says that Node reads TypeScript itself. The language host that can be built from Go modules is older than the
// engine and does not hear that, so it would load a compiler.
if (process.env["PULUMI_NODEJS_TYPESCRIPT"] !== undefined) process.env["PULUMI_NODEJS_TYPESCRIPT"] = "false";

/**
 * What @pulumi/pulumi loads at its start and asks only where a function is sent to the cloud, a stack is driven by a program, or traces
 * are exported: here it is loaded then. By the name, and the end of the file that asks for it.
 */
const ON_USE = new Map([
  ["@npmcli/arborist", ""],
  ["normalize-package-data", ""],
  ["typescript", "typescript-shim.js"],
  ["./automation", `@pulumi${sep}pulumi${sep}index.js`],
  ["@opentelemetry/exporter-zipkin", ""],
]);
/**
 * What is never loaded, and what stands for it. Node strips types in their place, so positions in stack traces are right without
 * source maps, which were read for each trace, and each resource takes several; the inspector tells the hash of each file, which only
 * the closures of functions need.
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
