import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { z } from "zod";
import { compared } from "../components/inputs/difference.ts";
import { reportingDefects } from "../components/planning/defect.ts";
import { prepareService } from "../components/service.ts";
import { judge } from "../core/contract/input/judge.ts";
import { type Issue, isFine } from "../core/contract/issues/issue.ts";
import type { Plan } from "../core/contract/plan.ts";
import { isObject } from "../core/kubernetes/json.ts";
import { entryOf } from "../core/kubernetes/table.ts";
import { explain } from "../core/views/explain/explain.ts";
import { fitOfPlan } from "../core/views/fit/fit.ts";
import { mergedSpecOf } from "../core/views/groups.ts";
import { propertyErrors } from "./failures.ts";
import { fitArgs, planArgs } from "./schema/arguments.ts";

interface Planned {
  plan: Plan;
  issues: readonly Issue[];
  /** The arguments that a function takes in addition to those of a service. */
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
      mergedSpec: mergedSpecOf(plan),
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

/**
 * Calls a function of the package: plans a service from plain arguments, without a cluster and without a stack.
 * Arguments that are marked as secrets stay so: results that depend on one are marked as secrets, and errors never show
 * it.
 */
export function invoke(token: string, inputs: Record<string, unknown>): Promise<Outcome> {
  return reportingDefects(`the call of ${token}`, () => call(token, inputs));
}

async function call(token: string, inputs: Record<string, unknown>): Promise<Outcome> {
  const called = entryOf(FUNCTIONS, token);
  if (called === undefined) throw new Error(`unknown function ${token}`);
  const { name, args, concurrency, ...others } = inputs;
  const asked = { concurrency: withoutMark(concurrency) as number | undefined };
  const given = {
    ...others,
    name: withoutMark(name),
    args: isObject(args) ? {} : args,
    ...(concurrency !== undefined && asked),
  };
  const wrong = judge(called.inputs, given, { layer: "service" });
  if (wrong.length > 0) {
    const failures = propertyErrors(wrong, given).map(({ propertyPath, reason }) => ({
      property: propertyPath,
      reason,
    }));
    return { outputs: {}, failures };
  }
  const { result, issues } = await prepareService(given.name as string, withOutputs(args) as never);
  if (called.refuses && !isFine(issues)) {
    const failures = propertyErrors(issues, args).map(({ propertyPath, reason }) => ({
      property: propertyPath === "" ? "args" : `args.${propertyPath}`,
      reason,
    }));
    return { outputs: {}, failures };
  }
  const outputsOf = ({ plan }: { plan: Plan }): unknown => plain(called.outputs({ plan, issues, asked }));
  const twin = result.secrets && { value: outputsOf(result.secrets) };
  const text = (value: string): string => value;
  const marked = compared(outputsOf(result.planning), twin, undefined, {
    secret: marking,
    text,
    shaped: () => undefined,
  });
  const outputs = asked.concurrency !== concurrency ? marking(marked) : marked;
  return { outputs: outputs as Record<string, unknown> };
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** On the wire a secret is wrapped, in both directions. */
function marking(value: unknown): unknown {
  return { [SIGNATURE]: SECRET, value };
}

function withoutMark(value: unknown): unknown {
  return isObject(value) && value[SIGNATURE] === SECRET ? value["value"] : value;
}

/** Arguments as a component gets them: what is marked as a secret is an Output that is one. */
function withOutputs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOutputs);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET) return pulumi.secret(withOutputs(value["value"]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withOutputs(item)]));
}
