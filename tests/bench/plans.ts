import { existsSync } from "node:fs";
import { join } from "node:path";
import { readCases, readRecorded } from "../../cli/conformance/cases.ts";
import { emit } from "../../cli/conformance/emit.ts";
import { inputFor, readRequest } from "../../cli/input/request.ts";
import { Terminal } from "../../cli/text/terminal.ts";
import { plan } from "../../core/plan.ts";
import { explain } from "../../core/views/explain/explain.ts";
import { WORST } from "../core/worst.ts";
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
    ...WORST.map(growth),
  ];
}

const TURNS = 3;

/** The worst inputs of each kind beside half of them; the goal is 5 ×, and what grows linearly is at 2. */
function growth({ what, count, of }: (typeof WORST)[number]): string {
  const [halves, wholes]: [number[], number[]] = [[], []];
  plan(of(count / 2));
  for (let turn = 0; turn < TURNS; turn++) {
    // What is fresh is planned for the first time each turn.
    const [half, whole] = [of(count / 2), of(count)];
    halves.push(cpuOf(() => plan(half)));
    wholes.push(cpuOf(() => plan(whole)));
  }
  const [half, whole] = [median(halves), median(wholes)];
  return `plan with ${count} ${what}: ${(whole * 1000).toFixed(0)} ms, ${(whole / half).toFixed(2)} × half of them`;
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
