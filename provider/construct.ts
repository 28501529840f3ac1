import type * as pulumi from "@pulumi/pulumi";
import { LLMInferenceServiceConfig, prepareConfig } from "../components/config.ts";
import { RefusedError } from "../components/inputs/unknown.ts";
import { reportingDefects } from "../components/planning/defect.ts";
import { Platform, preparePlatform } from "../components/platform.ts";
import { LLMInferenceService, prepareService } from "../components/service.ts";
import { type Issue, isFine } from "../core/contract/issues/issue.ts";
import { COMPONENT_TYPE } from "../core/contract/names.ts";
import { entryOf } from "../core/kubernetes/table.ts";
import { inputError } from "./failures.ts";
import { configOutputs, platformOutputs, serviceOutputs } from "./schema/outputs.ts";

interface Component {
  prepare(name: string, args: never): Promise<{ issues: readonly Issue[] }>;
  create(name: string, args: never, opts: pulumi.ComponentResourceOptions): pulumi.ComponentResource;
  /** The names of its outputs. */
  outputs: readonly string[];
}

const COMPONENTS: Readonly<Record<string, Component>> = {
  [COMPONENT_TYPE.platform]: {
    prepare: preparePlatform,
    create: (name, args, opts) => new Platform(name, args, opts),
    outputs: Object.keys(platformOutputs.shape),
  },
  [COMPONENT_TYPE.config]: {
    prepare: prepareConfig,
    create: (name, args, opts) => new LLMInferenceServiceConfig(name, args, opts),
    outputs: Object.keys(configOutputs.shape),
  },
  [COMPONENT_TYPE.service]: {
    prepare: prepareService,
    create: (name, args, opts) => new LLMInferenceService(name, args, opts),
    outputs: Object.keys(serviceOutputs.shape),
  },
};

/**
 * Makes a component for a program of any language. Problems of the arguments are reported before anything is
 * registered, each at its property.
 */
export function construct(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<Constructed> {
  return reportingDefects(`the construction of ${type}`, () => make(name, type, inputs, options));
}

interface Constructed {
  urn: pulumi.Input<string>;
  state: pulumi.Inputs;
}

async function make(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<Constructed> {
  const component = entryOf(COMPONENTS, type);
  if (component === undefined) throw new Error(`unknown resource type ${type}`);
  const { issues } = await component.prepare(name, inputs as never);
  if (!isFine(issues)) throw inputError(issues, inputs);
  const created = component.create(name, inputs as never, { ...options, ...timeoutsOf(options) });
  await made(created, inputs);
  const values = created as unknown as Record<string, unknown>;
  return { urn: created.urn, state: Object.fromEntries(component.outputs.map((key) => [key, entryOf(values, key)])) };
}

/**
 * Waits until a component has registered everything. Some problems only appear on the way, such as a release that
 * changed: the outputs of the component carry them too. They have no stack trace, so they read the same wherever they
 * are reported.
 */
async function made(component: pulumi.ComponentResource, inputs: pulumi.Inputs): Promise<void> {
  try {
    await (component as unknown as { getData(): Promise<unknown> }).getData();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    error.stack = error.message;
    throw inputError(error.issues, inputs);
  }
}

/**
 * On the wire an unset time-out is an empty text, and `delete` has another name because it is a reserved word of
 * JavaScript.
 */
function timeoutsOf({ customTimeouts }: pulumi.ComponentResourceOptions): pulumi.ComponentResourceOptions {
  const { create, update, pb_delete: remove } = (customTimeouts ?? {}) as Record<string, string | undefined>;
  return {
    customTimeouts: { ...(create && { create }), ...(update && { update }), ...(remove && { delete: remove }) },
  };
}
