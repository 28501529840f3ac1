import { allPods } from "../../../contract/workloadpods.ts";
import { credentialsInWords, isCredential, isReference } from "../../../knowledge/credentials.ts";
import { flagPath } from "../../../knowledge/engine/flags/argfields.ts";
import type { Container } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { Check, CheckFinding } from "../check.ts";

/** Tokens and keys as text: everyone who can read the pod, or the file of the service, can read them. */
export const CREDENTIALS_CHECK: Check = {
  name: "credentials come from Secrets",
  source: "the names of core/knowledge/credentials.ts, which the policy no-plain-tokens has too",
  codes: ["PlainCredential"],
  judge: ({ spec, provenance }) =>
    allPods(spec).flatMap(({ path, pod }) =>
      (["containers", "initContainers"] as const).flatMap((list) =>
        (pod[list] ?? []).flatMap((container, index) =>
          judgeContainer(container, {
            path: `spec.${path}.${list}[${index}]`,
            layerOf: (field) =>
              entryOf(provenance, `${path}.${list}[name=${container.name}].${field}`)?.layer ?? "merged",
          }),
        ),
      ),
    ),
};

const AT_ONCE = "everyone who can read the pod or this file can read it";

interface Place {
  path: string;
  /** The layer that wrote a field of the container. */
  layerOf(field: string): string;
}

function judgeContainer({ env = [], command = [], args = [] }: Container, { path, layerOf }: Place): CheckFinding[] {
  const variables = env.flatMap(({ name, value = "" }, index): CheckFinding[] => {
    if (!isCredential(name) || isReference(value)) return [];
    const message = `the value of ${name} is written as text: ${AT_ONCE}`;
    const fix = "put the value into a Secret, and refer to it by valueFrom.secretKeyRef";
    return [
      {
        code: "PlainCredential",
        path: `${path}.env[${index}].value`,
        layer: layerOf(`env[name=${name}].value`),
        message,
        fix,
      },
    ];
  });
  const lines = Object.entries({ command, args }).flatMap(([list, words]) =>
    [...new Set(credentialsInWords(words).map(({ name }) => name))].map((name): CheckFinding => {
      const message = `the value of ${name} is written as text: ${AT_ONCE}`;
      const fix = `put the value into a Secret, set an environment variable from it by valueFrom.secretKeyRef, and write $(NAME) of that variable instead of the value`;
      return {
        code: "PlainCredential",
        path: `${path}.${list}`,
        layer: layerOf(flagPath(list, name.replace(/^--/, ""))),
        message,
        fix,
      };
    }),
  );
  return [...variables, ...lines];
}
