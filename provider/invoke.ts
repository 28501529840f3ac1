import { stringify } from "yaml";
import { prepareService } from "../components/service.ts";
import { type Issue, isFine } from "../core/contract/issue.ts";
import type { Plan } from "../core/contract/plan.ts";
import { isObject } from "../core/kubernetes/json.ts";
import { explain } from "../core/views/explain/explain.ts";
import { fitOfPlan } from "../core/views/fit/fit.ts";

import { propertyErrors } from "./failures.ts";

interface Planned {
  plan: Plan;
  issues: readonly Issue[];
  /** What a function takes beside the arguments of a service. */
  asked: { concurrency?: number };
}
interface Outcome {
  outputs: Record<string, unknown>;
  failures?: { property: string; reason: string }[];
}

/** What each function gives back of a plan. */
const FUNCTIONS: Readonly<Record<string, { refuses: boolean; outputs(planned: Planned): Record<string, unknown> }>> = {
  "kserve-llm:index:render": {
    refuses: true,
    outputs: ({ plan, issues }) => ({
      objects: plan.objects,
      yaml: plan.objects
        .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
        .join("---\n"),
      mergedSpec: plan.spec,
      appliedConfigs: plan.appliedConfigs,
      issues,
    }),
  },
  "kserve-llm:index:validate": {
    refuses: false,
    outputs: ({ issues }) => ({ valid: isFine(issues), issues }),
  },
  "kserve-llm:index:explain": {
    refuses: true,
    outputs: ({ plan, issues }) => ({
      leaves: explain(plan),
      appliedConfigs: plan.appliedConfigs,
      issues,
    }),
  },
  "kserve-llm:index:fit": {
    refuses: false,
    outputs: ({ plan, issues, asked: { concurrency } }) => {
      const fitting = fitOfPlan(plan, concurrency);
      return { ...fitting, fits: fitting.fits && isFine(issues), issues };
    },
  },
};

/** Calls a function of the package: plans a service from plain arguments, without a cluster and without a stack. */
export async function invoke(token: string, inputs: Record<string, unknown>): Promise<Outcome> {
  const called = FUNCTIONS[token];
  if (called === undefined) throw new Error(`unknown function ${token}`);
  const { name, args, ...asked } = withoutSecretMarks(inputs) as { name: string; args: object } & Planned["asked"];
  if (asked.concurrency !== undefined && !(asked.concurrency > 0)) return { outputs: {}, failures: [NO_CONCURRENCY] };
  const { result, issues } = await prepareService(name, args as never);
  if (called.refuses && !isFine(issues)) {
    const failures = propertyErrors(issues, args).map(({ propertyPath, reason }) => ({
      property: propertyPath === "" ? "args" : `args.${propertyPath}`,
      reason,
    }));
    return { outputs: {}, failures };
  }
  const outputs = called.outputs({ plan: result.plan, issues, asked });
  return { outputs: JSON.parse(JSON.stringify(outputs)) as Record<string, unknown> };
}

const NO_CONCURRENCY = { property: "concurrency", reason: "a number above 0 is expected: sequences under way at once" };

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Secrets come wrapped; the caller's SDK makes the whole result a secret when an argument was one. */
function withoutSecretMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretMarks);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET) return withoutSecretMarks(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecretMarks(item)]));
}
