import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LLMInferenceService, type LLMInferenceServiceArgs } from "../../components/index.ts";
import { type Registered, runMocked } from "./mocks.ts";

const ROOT = join(import.meta.dirname, "../..");

export interface ExampleProgram {
  name: string;
  registered: Registered[];
  /** The services that it declares, by the names of their components. */
  declared: { name: string; args: LLMInferenceServiceArgs }[];
}

/** Runs the examples' programs that use the library, without an engine. Those of the SDKs make the quickstart's service. */
export async function examplePrograms(): Promise<ExampleProgram[]> {
  const found: ExampleProgram[] = [];
  for (const name of globSync("examples/*/index.ts", { cwd: ROOT }).sort()) {
    const file = join(ROOT, name);
    if (!readFileSync(file, "utf8").includes('"../../components/index.ts"')) continue;
    found.push({ name, ...(await runOne(file)) });
  }
  return found;
}

/**
 * The engine sees what a component registers, but not its arguments: these are recorded where the component reads them.
 */
async function runOne(file: string): Promise<Omit<ExampleProgram, "name">> {
  const declared: ExampleProgram["declared"] = [];
  const reads = LLMInferenceService.prototype as unknown as { initialize: Initialize };
  const { initialize } = reads;
  reads.initialize = function (inputs, options, name) {
    declared.push({ name, args: inputs.args() });
    return initialize.call(this, inputs, options, name);
  };
  try {
    // Node evaluates a module once for each URL, and several test files that run the programs share a process.
    const { registered } = await runMocked(() => import(`${pathToFileURL(file).href}?run=${++runs}`));
    return { registered, declared };
  } finally {
    reads.initialize = initialize;
  }
}

let runs = 0;

type Initialize = (inputs: { args: () => LLMInferenceServiceArgs }, options: unknown, name: string) => unknown;
