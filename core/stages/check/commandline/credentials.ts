import { allPods } from "../../../contract/workloadpods.ts";
import { credentialsInWords, isCredential, isOpen } from "../../../knowledge/credentials.ts";
import { flagPath } from "../../../knowledge/engine/flags/argfields.ts";
import type { Container } from "../../../kubernetes/objects.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";

/** Tokens and keys as text: everyone who can read the pod, or the file of the service, can read them. */
export const CREDENTIALS_CHECK: Check = {
  name: "credentials come from Secrets",
  source: "the names of core/knowledge/credentials.ts, which the policy no-plain-tokens has too",
  codes: ["PlainCredential"],
  judge: ({ spec, provenance }) => [
    ...judgeUris(spec, provenance),
    ...allPods(spec).flatMap(({ path, pod }) =>
      (["containers", "initContainers"] as const).flatMap((list) =>
        (pod[list] ?? []).flatMap((container, index) =>
          judgeContainer(container, {
            path: `spec.${path}.${list}[${index}]`,
            layerOf: (field) => provenance.get(`${path}.${list}[name=${container.name}].${field}`)?.layer ?? "merged",
          }),
        ),
      ),
    ),
  ],
};

/** A user with a password in front of a bucket or host; an image has its tag and digest there. */
const WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:[^/?#@]+@/i;

/** No downloader reads credentials from a URI: KServe's reads those of the service's ServiceAccount. */
function judgeUris({ model }: CheckSubject["spec"], provenance: CheckSubject["provenance"]): CheckFinding[] {
  const adapters = model?.lora?.adapters ?? [];
  const uris = [
    { at: "model.uri", uri: model?.uri },
    ...adapters.map(({ uri }, index) => ({ at: `model.lora.adapters[${index}].uri`, uri })),
  ];
  return uris.flatMap(({ at, uri = "" }): CheckFinding[] => {
    if (uri.startsWith("oci") || !WITH_PASSWORD.test(uri)) return [];
    const message = `the URI holds a password as text: ${AT_ONCE}, and the download does not use it`;
    const fix =
      "remove the user and the password from the URI, and put the credentials into a Secret of the ServiceAccount of the pod";
    const layer = provenance.get(at)?.layer ?? "merged";
    return [{ code: "PlainCredential", path: `spec.${at}`, layer, message, fix }];
  });
}

const AT_ONCE = "everyone who can read the pod or this file can read it";

interface Place {
  path: string;
  /** The layer that wrote a field of the container. */
  layerOf(field: string): string;
}

function judgeContainer({ env = [], command = [], args = [] }: Container, { path, layerOf }: Place): CheckFinding[] {
  const variables = env.flatMap(({ name, value = "" }, index): CheckFinding[] => {
    if (!isCredential(name) || isOpen(value)) return [];
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
