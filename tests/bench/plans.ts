import { existsSync } from "node:fs";
import { join } from "node:path";
import { readCases, readRecorded } from "../../cli/conformance/cases.ts";
import { emit } from "../../cli/conformance/emit.ts";
import { inputFor, readRequest } from "../../cli/request.ts";
import { Terminal } from "../../cli/terminal.ts";
import { plan } from "../../core/plan.ts";
import { explain } from "../../core/views/explain/explain.ts";
import { cpuOf, median } from "./measure.ts";

const ROOT = join(import.meta.dirname, "../..");
const RUNS = 10;
const EACH = 20;

/** Planning: the recorded cases, where they are beside the clone; one service; and its explanation. */
export async function benchPlans(): Promise<string[]> {
  const request = readRequest({ file: [join(ROOT, "examples/cli/chat.yaml")], namespace: "default" }, new Terminal());
  const [service] = request.services;
  if (service === undefined) throw new Error("the example holds no service");
  const input = inputFor(request, service);
  const planned = plan(input);
  const repeat = (work: () => void) => (): void => {
    for (let i = 0; i < EACH; i++) work();
  };
  repeat(() => plan(input))();
  const [plans, explanations]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    plans.push(cpuOf(repeat(() => plan(input))) / EACH);
    explanations.push(cpuOf(repeat(() => explain(planned))) / EACH);
  }
  const [one, other] = [median(plans), median(explanations)];
  return [
    ...conformance(),
    `plan of one service: ${(one * 1000).toFixed(1)} ms of CPU (${planned.objects.length} objects)`,
    `its explanation: ${(other * 1000).toFixed(1)} ms, ${(other / one).toFixed(2)} × the plan`,
  ];
}

function conformance(): string[] {
  const folder = process.env["KSERVE_LLM_CONFORMANCE"] ?? join(ROOT, "../shared/conformance");
  if (!existsSync(folder)) return [`recorded cases: not here (${folder})`];
  const [cases, recorded] = [readCases(folder, ""), readRecorded(folder, new Terminal())];
  const all = (): void => {
    for (const one of cases) emit(one, recorded, "kserve-0.20");
  };
  const [cold, warm] = [cpuOf(all), cpuOf(all)];
  return [`${cases.length} recorded cases: ${cold.toFixed(2)} s of CPU, warm ${warm.toFixed(2)} s`];
}
