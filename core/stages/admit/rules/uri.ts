import { isNotYetKnown } from "../../../contract/input/unknown.ts";
import type { Finding } from "../../../contract/issues/issue.ts";
import { uriProblem } from "../../../knowledge/uris.ts";
import { isTemplate } from "../../../kubernetes/text.ts";
import type { Rule } from "../rule.ts";

export const URI_RULE: Rule = {
  name: "the storage initializer can read a URI",
  source: "own rule: the download fails in the pod; Storage.download in kserve_storage.py, KServe v0.20.0",
  // Another layer may switch the storage initializer off.
  judge: ({ spec, behaviour, partial }) => {
    if (partial || behaviour.admission !== "asWritten" || spec.storageInitializer?.enabled === false) return [];
    const adapters = spec.model?.lora?.adapters ?? [];
    return [
      ...judgeUri(spec.model?.uri, "spec.model.uri"),
      ...adapters.flatMap((adapter, i) => judgeUri(adapter?.uri, `spec.model.lora.adapters[${i}].uri`)),
    ];
  },
};

function judgeUri(uri: unknown, path: string): Finding[] {
  // A template may expand to any text, and so may a value that is not known yet.
  if (typeof uri !== "string" || isTemplate(uri) || isNotYetKnown(uri)) return [];
  const found = uriProblem(uri);
  if (found === undefined) return [];
  const { message, fix, value } = found;
  return [{ code: "InvalidValue", path, message, fix, ...(value !== undefined && { fixes: [{ path, value }] }) }];
}
