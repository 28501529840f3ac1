import type { Finding } from "../../../contract/issue.ts";
import { isNotYetKnown } from "../../../contract/unknown.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { Rule } from "../rule.ts";

/** What a URI is refused for: nothing where its form is one that the downloader, or Kubernetes, reads. */
type Form = (rest: string) => Wrong | undefined;
interface Wrong {
  message: string;
  fix: string;
  /** The URI that is meant, where only one can be. */
  value?: string;
}

function written(value: string): Pick<Wrong, "fix" | "value"> {
  return { fix: `write ${value}`, value };
}

/** A name on the Hugging Face Hub. Source: REPO_ID_REGEX of huggingface_hub. */
const HUB_NAME = /^[\w.-]+$/;

/** By scheme. Source: _download_hf, _download_s3, _download_gcs in kserve_storage.py, and CreatePVC… of KServe v0.20.0. */
const FORMS: Readonly<Record<string, Form>> = {
  hf: hubForm,
  s3: (rest) => named(rest, "bucket", "s3://BUCKET/PATH"),
  gs: (rest) => named(rest, "bucket", "gs://BUCKET/PATH"),
  pvc: (rest) => named(rest, "claim", "pvc://CLAIM/PATH"),
  oci: (rest) => named(rest, "image", "oci://REGISTRY/IMAGE:TAG"),
};

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
  // A template may become anything, and so may a value that is not known yet.
  if (typeof uri !== "string" || uri.includes("{{") || isNotYetKnown(uri)) return [];
  const wrong = ({ message, fix, value }: Wrong): Finding[] => [
    { code: "InvalidValue", path, message, fix, ...(value !== undefined && { fixes: [{ path, value }] }) },
  ];
  if (/\s/.test(uri))
    return wrong({
      message: `the URI ${JSON.stringify(uri)} contains white space`,
      ...written(uri.replace(/\s+/g, "")),
    });
  const at = uri.indexOf("://");
  const form = at < 0 ? undefined : entryOf(FORMS, uri.slice(0, at));
  const found = form?.(uri.slice(at + 3));
  return found === undefined ? [] : wrong({ ...found, message: `${JSON.stringify(uri)}: ${found.message}` });
}

function named(rest: string, what: string, example: string): ReturnType<Form> {
  if ((rest.split("/", 1)[0] ?? "") !== "") return undefined;
  return { message: `the URI names no ${what}`, fix: `write ${example}` };
}

/** ORG/MODEL or ORG/MODEL:REVISION, with exactly one slash. */
function hubForm(rest: string): ReturnType<Form> {
  const [organisation = "", name, ...folders] = rest.split("/");
  const [model = "", ...revisions] = (name ?? "").split(":");
  const [repository = "", revision = ""] = model.split("@");
  if (folders.length > 0)
    return {
      message: "a Hugging Face URI has exactly one slash, and leads to a whole repository",
      ...written(`hf://${organisation}/${model}`),
    };
  if (name === undefined || organisation === "" || repository === "")
    return { message: "a Hugging Face URI names an organisation and a model", fix: "write hf://ORG/MODEL" };
  if (model.includes("@"))
    return {
      message: "the revision stands behind a colon",
      ...written(`hf://${organisation}/${repository}:${revision}`),
    };
  if (HUB_NAME.test(organisation) && HUB_NAME.test(model) && revisions.length < 2) return undefined;
  return {
    message: "names on the Hugging Face Hub have letters, digits, dots, dashes and underscores",
    fix: "write hf://ORG/MODEL or hf://ORG/MODEL:REVISION",
  };
}
