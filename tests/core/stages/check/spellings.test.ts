import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { otherEngineOf, releaseOfImage } from "../../../../core/knowledge/engine/images.ts";
import { releaseNumber } from "../../../../core/knowledge/engine/release.ts";
import { stackOf } from "../../../../core/knowledge/stacks/stacks.ts";
import { asText, isObject, type Json, type JsonObject } from "../../../../core/kubernetes/json.ts";
import { type PartialInput, planOf } from "./plan.ts";
import { WORDINGS, type Wording } from "./spellings.ts";

interface Case {
  name: string;
  spec: JsonObject;
  input?: PartialInput;
}
const CASES = parse(readFileSync(new URL("checks.yaml", import.meta.url), "utf8"), { merge: true }) as Case[];

/** The release for which a flag may be abbreviated: the plan's, otherwise the image's, otherwise the stack's. */
function releaseOf({ input }: Case, main: JsonObject): number {
  const text = input?.engineVersion ?? releaseOfImage(asText(main["image"] ?? "")) ?? stackOf(input?.stack).vllm;
  return releaseNumber(text) ?? 0;
}

/** The spec with each of its engines in another spelling; the same object if it has none. */
function worded(one: Case, change: Wording): JsonObject {
  const inPod = (pod: Json | undefined): Json | undefined => {
    if (!isObject(pod) || !Array.isArray(pod["containers"])) return pod;
    const containers = pod["containers"].map((container) =>
      isObject(container) && container["name"] === "main" && isPlain(container)
        ? change(container, releaseOf(one, container))
        : container,
    );
    return { ...pod, containers };
  };
  const inRole = (role: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(role).map(([field, value]) => [
        field,
        (["template", "worker"].includes(field) ? inPod(value) : value) ?? value,
      ]),
    );
  const { prefill } = one.spec;
  const changed = { ...inRole(one.spec), ...(isObject(prefill) && { prefill: inRole(prefill) }) };
  return JSON.stringify(changed) === JSON.stringify(one.spec) ? one.spec : changed;
}

/** Whether the command of the engine is not written, or is vLLM's own program: the spellings are vLLM's. */
function isPlain({ command, image }: JsonObject): boolean {
  if (image !== undefined && otherEngineOf(asText(image)) !== undefined) return false;
  return command === undefined || JSON.stringify(command).startsWith('["vllm","serve"');
}

function verdictOf(spec: JsonObject, input?: PartialInput): string[] {
  const { issues } = planOf(spec, input);
  return issues.filter(({ severity }) => severity !== "info").map(({ severity, code }) => `${severity} ${code}`);
}

const AS_WRITTEN = new Map<Case, string[]>();

/** The verdict on a case as it is written, which is the same beside each spelling. */
function plainVerdict(one: Case): string[] {
  const verdict = AS_WRITTEN.get(one) ?? verdictOf(one.spec, one.input).sort();
  AS_WRITTEN.set(one, verdict);
  return verdict;
}

/** The differences that only the spelling may cause. */
const EXCEPTIONS: ReadonlySet<string> = new Set([
  // A copy of an official image may have been rebuilt with other kernels, so this is a warning there.
  "an image of a mirror: an official image that is older than the GPU",
  // It may also have a parser or a key that the release itself lacks.
  "an image of a mirror: a parser that the release itself does not have",
  "an image of a mirror: a key of drafts that the release itself does not have",
  // The same for a copy that contains vLLM-Omni.
  "an image of a mirror: the flag of vLLM-Omni with the image of vLLM",
  // The server's module only takes the model as a flag.
  "flags of the server's module: the model by a flag next to the word of the presets",
  "flags of the server's module: an empty word as the model",
  // These write /mnt/models first, so that the stray word is the second.
  "flags in the command of vLLM: a stray word as the model",
  "flags behind a script that passes them on: a stray word as the model",
  "flags of the server's module: a stray word as the model",
  "flags in the command of vLLM: an empty word as the model",
  "flags behind a script that passes them on: an empty word as the model",
  "flags in the command of vLLM: a path that no volume has as the model",
  "flags behind a script that passes them on: a path that no volume has as the model",
  "flags of the server's module: a path that no volume has as the model",
]);

describe("the verdict on a service whose engine is written in another form", () => {
  for (const [wording, change] of Object.entries(WORDINGS))
    it(`is the same with ${wording}`, () => {
      let count = 0;
      for (const one of CASES) {
        const spec = isObject(one.spec) ? worded(one, change) : one.spec;
        if (spec === one.spec || EXCEPTIONS.has(`${wording}: ${one.name}`)) continue;
        count += 1;
        assert.deepEqual(verdictOf(spec, one.input).sort(), plainVerdict(one), one.name);
      }
      assert.ok(count > 0, "no case has anything that this wording changes");
    });
});
