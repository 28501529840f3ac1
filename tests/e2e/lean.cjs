// Node loads this before the programs of the tests, which saves each of them a third of a second of processor time.
const Module = require("node:module");

// Their Pulumi.yaml states that Node reads TypeScript itself. The language host that can be built from Go modules is
// older than the engine and ignores that, so it would load a compiler.
if (process.env["PULUMI_NODEJS_TYPESCRIPT"] !== undefined) process.env["PULUMI_NODEJS_TYPESCRIPT"] = "false";

// @pulumi/pulumi loads npm's whole tree builder, but only uses it if a function is sent to the cloud: here it is loaded
// then.
const TREES = "@npmcli/arborist";
/** @type {(name: string, ...rest: unknown[]) => unknown} */
const load = Reflect.get(Module, "_load");

/**
 * @param {string} name
 * @param {unknown[]} rest
 */
function loadWhenAsked(name, ...rest) {
  if (name !== TREES) return load(name, ...rest);
  const whole = () => /** @type {{ Arborist: unknown }} */ (load(name, ...rest));
  return {
    __esModule: true,
    get Arborist() {
      return whole().Arborist;
    },
  };
}
Reflect.set(Module, "_load", loadWhenAsked);
