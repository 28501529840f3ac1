import { ALLOCATOR, refusesMoving, STAYING } from "../../../knowledge/engine/allocator.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import type { Engine } from "../engine.ts";
import { connectorsOf, handingConnectors } from "../roles/connectors.ts";

const { variable: VARIABLE, moving: MOVING } = ALLOCATOR;

/** PyTorch may move memory whose address the connector has registered with the network adapter. */
export const ALLOCATOR_CHECK: Check = {
  name: "memory that a KV connector hands out stays where it is",
  source: "core/knowledge/engine/allocator.ts",
  codes: ["InvalidFlagValue"],
  judge: ({ engines }: CheckSubject) => engines.filter(({ isVllm }) => isVllm).flatMap(judgeEngine),
};

function judgeEngine(engine: Engine): CheckFinding[] {
  const { container, path, traced, release, args } = engine;
  const index = container.env?.findLastIndex(({ name }) => name === VARIABLE) ?? -1;
  const value = container.env?.[index]?.value ?? "";
  const isOn = value.split(",").some((one) => one.trim() === MOVING);
  if (!isOn) return [];
  const isExempt = STAYING.some((flag) => flagValue(args, flag) === "true");
  const [handing] = handingConnectors(engine);
  const [name = handing?.name] = connectorsOf(engine).map((one) => one.name);
  if (isExempt || name === undefined) return [];
  const isRefused = refusesMoving(release?.number);
  if (handing === undefined && !isRefused) return [];
  const rest = value.split(",").filter((one) => one.trim() !== MOVING);
  const at = `spec.${traced}.env[name=${VARIABLE}]`;
  return [
    {
      code: "InvalidFlagValue",
      ...(!isRefused && { severity: "warning" as const }),
      path: `${path}.env[${index}]`,
      layer: "merged",
      message: `${VARIABLE} has ${MOVING}, which can move memory that ${name} has registered: ${isRefused ? "vLLM refuses to start with both" : "transfers of KV cache fail or are wrong"}`,
      fix: `remove ${MOVING} from the variable`,
      fixes: [rest.length === 0 ? { path: at } : { path: `${at}.value`, value: rest.join(",") }],
    },
  ];
}
