import { stringify } from "yaml";
import type { z } from "zod";
import { reportingDefects } from "../components/defect.ts";
import { prepareService } from "../components/service.ts";
import { type Issue, isFine } from "../core/contract/issue.ts";
import { judge } from "../core/contract/judge.ts";
import type { Plan } from "../core/contract/plan.ts";
import { isObject } from "../core/kubernetes/json.ts";
import { entryOf } from "../core/kubernetes/table.ts";
import { explain } from "../core/views/explain/explain.ts";
import { fitOfPlan } from "../core/views/fit/fit.ts";
import { propertyErrors } from "./failures.ts";
import { fitArgs, planArgs } from "./schema/arguments.ts";

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
interface Called {
  refuses: boolean;
  inputs: z.ZodType;
  outputs(planned: Planned): Record<string, unknown>;
}
const FUNCTIONS: Readonly<Record<string, Called>> = {
  "kserve-llm:index:render": {
    inputs: planArgs,
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
    inputs: planArgs,
    refuses: false,
    outputs: ({ issues }) => ({ valid: isFine(issues), issues }),
  },
  "kserve-llm:index:explain": {
    inputs: planArgs,
    refuses: true,
    outputs: ({ plan, issues }) => ({
      leaves: explain(plan),
      appliedConfigs: plan.appliedConfigs,
      issues,
    }),
  },
  "kserve-llm:index:fit": {
    inputs: fitArgs,
    refuses: false,
    outputs: ({ plan, issues, asked: { concurrency } }) => {
      const fitting = fitOfPlan(plan, concurrency);
      return { ...fitting, fits: fitting.fits && isFine(issues), issues };
    },
  },
};

/** Calls a function of the package: plans a service from plain arguments, without a cluster and without a stack. */
export function invoke(token: string, inputs: Record<string, unknown>): Promise<Outcome> {
  return reportingDefects(`the call of ${token}`, () => call(token, inputs));
}

async function call(token: string, inputs: Record<string, unknown>): Promise<Outcome> {
  const called = entryOf(FUNCTIONS, token);
  if (called === undefined) throw new Error(`unknown function ${token}`);
  const given = withoutSecretMarks(inputs);
  const wrong = judge(called.inputs, given, { layer: "service" });
  if (wrong.length > 0) {
    const failures = propertyErrors(wrong, given).map(({ propertyPath, reason }) => ({
      property: propertyPath,
      reason,
    }));
    return { outputs: {}, failures };
  }
  const { name, args, ...asked } = given as { name: string; args: object } & Planned["asked"];
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

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Secrets come wrapped; the caller's SDK makes the whole result a secret when an argument was one. */
function withoutSecretMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretMarks);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET) return withoutSecretMarks(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecretMarks(item)]));
}
