import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../core/kubernetes/json.ts";
import type { Bundle } from "../../core/platform/bundle.ts";
import type { KnownPin, Releases } from "../../core/platform/history.ts";
import { insideOf } from "../inputs/outputs.ts";

/**
 * The releases that stacks name in their outputs, whatever the name of the output: a platform's own stack as last
 * deployed, and the stacks of services. A stack that does not exist yet has no outputs.
 */

/** The releases that this stack published for a system namespace when it was last deployed, and whether its outputs hold a secret. */
export async function publishedBefore(
  name: string,
  systemNamespace: string,
  parent: pulumi.Resource,
): Promise<{ releases: Releases; isSecret: boolean }> {
  const self = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs, isSecret } = await outputsOf(`${name}/published`, self, parent);
  const bundles = within(outputs).filter(isBundle);
  const ours = bundles.filter((bundle) => bundle.release !== "" && bundle.systemNamespace === systemNamespace);
  return { releases: Object.fromEntries(ours.map((bundle) => [bundle.release, bundle])), isSecret };
}

/** Which releases the services of other stacks pin. */
export async function pinsOf(name: string, stacks: readonly string[], parent: pulumi.Resource): Promise<KnownPin[]> {
  const found = await Promise.all(
    stacks.map(async (stack) => {
      const { outputs } = await outputsOf(`${name}/consumer/${stack}`, stack, parent);
      return within(outputs)
        .filter(isPin)
        .map(({ release }) => ({ release, by: stack }));
    }),
  );
  return found.flat();
}

async function outputsOf(
  name: string,
  stack: string,
  parent: pulumi.Resource,
): Promise<{ outputs: unknown; isSecret: boolean }> {
  const reference = new pulumi.StackReference(name, { name: stack }, { parent });
  return {
    outputs: await insideOf(reference.outputs).promise(true),
    isSecret: await pulumi.isSecret(reference.outputs),
  };
}

/** The value and its parts, three maps or lists deep: an output, the releases in it, and one level around them. */
function within(value: unknown, depth = 3): unknown[] {
  if (depth < 0 || typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap((item) => within(item, depth - 1))];
}

function isBundle(value: unknown): value is Bundle {
  return isObject(value) && typeof value["presetVersion"] === "string" && typeof value["release"] === "string";
}

function isPin(value: unknown): value is { release: string; digest: string } {
  return (
    isObject(value) &&
    typeof value["release"] === "string" &&
    typeof value["digest"] === "string" &&
    value["presetVersion"] === undefined
  );
}
