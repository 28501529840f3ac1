import { subdomainProblem } from "../kubernetes/dns.ts";
import { remembering } from "../kubernetes/remember.ts";
import { entryOf } from "../kubernetes/table.ts";
import { unquoted } from "../kubernetes/text.ts";

/** Why a URI is refused: nothing if it has a form that the downloader, or Kubernetes, reads. */
type Form = (rest: string) => UriProblem | undefined;
interface UriProblem {
  message: string;
  fix: string;
  /** The URI that was probably meant, if only one is possible. */
  value?: string;
}

function written(value: string): Pick<UriProblem, "fix" | "value"> {
  return { fix: `write ${value}`, value };
}

/** A hub of models: the prefix of its URIs, and its name. */
interface Hub {
  scheme: string;
  title: string;
}

const HUGGING_FACE: Hub = { scheme: "hf", title: "Hugging Face" };
const MODELSCOPE: Hub = { scheme: "modelscope", title: "ModelScope" };

/** A name on a hub. Source: REPO_ID_REGEX of huggingface_hub; ModelScope's names have the same characters. */
const HUB_NAME = /^[\w.-]+$/;

/**
 * By scheme. Source: _download_hf, _download_s3, _download_gcs in kserve_storage.py, and CreatePVC… of KServe v0.20.0;
 * _download_ms and _download_oci in kserve_storage.py of KServe v0.21.
 */
const FORMS: Readonly<Record<string, Form>> = {
  hf: hubForm(HUGGING_FACE),
  modelscope: hubForm(MODELSCOPE),
  s3: (rest) => named(rest, "a bucket", "s3://BUCKET/PATH"),
  gs: (rest) => named(rest, "a bucket", "gs://BUCKET/PATH"),
  pvc: (rest) => named(rest, "a claim", "pvc://CLAIM/PATH") ?? claimForm(rest.split("/", 1)[0] ?? "") ?? inClaim(rest),
  oci: (rest) => named(rest, "an image", "oci://REGISTRY/IMAGE:TAG"),
  "oci+native": (rest) => named(rest, "an image", "oci+native://REGISTRY/IMAGE:TAG"),
  "oci+fetch": (rest) => named(rest, "an image", "oci+fetch://REGISTRY/IMAGE:TAG"),
};

/** The page of a repository on Hugging Face, also of its files on a branch, or the name of the repository alone. */
const ON_HUB =
  /^(?:(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/)?(\w[\w.-]*\/[\w.-]+)(?:\/tree\/([\w.-]+))?\/?$/;

/** The URI of a model whose page or name on Hugging Face is written; undefined for anything else. */
function onHub(written: string): string | undefined {
  const [, name, revision = "main"] = ON_HUB.exec(written) ?? [];
  if (name === undefined || /^(?:(?:www\.)?huggingface\.co|hf\.co|datasets|spaces)\//.test(name)) return undefined;
  return `hf://${name}${revision === "main" ? "" : `:${revision}`}`;
}

/** Other names of schemes. */
const ALIASES: Readonly<Record<string, string>> = { huggingface: "hf", gcs: "gs", ms: "modelscope" };
const SCHEMED = /^([A-Za-z][A-Za-z0-9+.-]*):\/*([^/].*)$/;

/**
 * The URI that was meant, if only one is possible: the page of a model, a scheme in capital letters or under another
 * name, one slash or three after it, quotes around it.
 */
export function correctedUri(written: string): string | undefined {
  const bare = unquoted(written);
  const [, scheme = "", rest = ""] = SCHEMED.exec(bare) ?? [];
  const name = entryOf(ALIASES, scheme.toLowerCase()) ?? scheme.toLowerCase();
  const uri = onHub(bare) ?? (name === "hf" ? onHub(rest) : undefined) ?? `${name}://${rest}`;
  const isRight = isModelScheme(uri.split(":")[0] ?? "") && uriProblem(uri) === undefined;
  return isRight && uri !== written ? uri : undefined;
}

/** Whether a URI of a scheme can name a model at all. */
export function isModelScheme(scheme: string): boolean {
  return entryOf(FORMS, scheme) !== undefined;
}

/** Whether a text is the URI of a model with a scheme that a release of KServe has. */
export function isModelUri(uri: string | undefined): boolean {
  return uri !== undefined && isModelScheme(uri.split("://", 1)[0] ?? "") && uri.includes("://");
}

/** Why nothing can download what a URI names; undefined if its form is right, or its scheme has no form. */
export const uriProblem = remembering((uri): UriProblem | undefined => {
  if (/\s/.test(uri)) {
    const message = `the URI ${JSON.stringify(uri)} contains white space`;
    const bare = unquoted(uri);
    return { message, ...(/\s/.test(bare) ? { fix: "write a URI without white space" } : written(bare)) };
  }
  const at = uri.indexOf("://");
  const form = at < 0 ? undefined : entryOf(FORMS, uri.slice(0, at));
  const found = form?.(uri.slice(at + 3));
  return found && { ...found, message: `${JSON.stringify(uri)}: ${found.message}` };
});

function named(rest: string, what: string, example: string): ReturnType<Form> {
  if ((rest.split("/", 1)[0] ?? "") !== "") return undefined;
  return { message: `the URI does not name ${what}`, fix: `write ${example}` };
}

/** Source: ValidatePersistentVolumeName, pkg/apis/core/validation, Kubernetes 1.36. */
function claimForm(claim: string): UriProblem | undefined {
  const problem = subdomainProblem(claim);
  if (problem === undefined) return undefined;
  return {
    message: `${JSON.stringify(claim)} is not a valid name of a PersistentVolumeClaim: ${problem}`,
    fix: "write pvc://CLAIM/PATH with the name of the claim",
  };
}

/** Source: validateLocalNonReservedPath for subPath, pkg/apis/core/validation, Kubernetes 1.36. */
function inClaim(rest: string): UriProblem | undefined {
  if (!rest.split("/").includes("..")) return undefined;
  return {
    message: "the path contains .., which is not allowed",
    fix: "write pvc://CLAIM/PATH with a path without ..",
  };
}

/** ORG/MODEL or ORG/MODEL:REVISION, with exactly one slash. */
function hubForm({ scheme, title }: Hub): Form {
  return (rest) => {
    const [organisation = "", name, ...folders] = rest.split("/");
    const [model = "", ...revisions] = (name ?? "").split(":");
    const [repository = "", revision = ""] = model.split("@");
    const page = scheme === "hf" ? onHub(rest) : undefined;
    if (folders.length > 0)
      return {
        message: `the path has more than two parts, but a URI of ${title} names a whole repository as ORG/MODEL`,
        ...written(page ?? `${scheme}://${organisation}/${model}`),
      };
    if (name === undefined || organisation === "" || repository === "")
      return { message: "the URI does not name both an organisation and a model", fix: `write ${scheme}://ORG/MODEL` };
    if (model.includes("@"))
      return {
        message: "the revision is written after an @, but it must follow a colon",
        ...written(`${scheme}://${organisation}/${repository}:${revision}`),
      };
    if (HUB_NAME.test(organisation) && HUB_NAME.test(model) && revisions.length < 2) return undefined;
    return {
      message:
        revisions.length > 1
          ? "only one revision can follow the name of the model"
          : `names on the ${title} Hub may contain only letters, digits, dots, dashes and underscores`,
      fix: `write ${scheme}://ORG/MODEL or ${scheme}://ORG/MODEL:REVISION`,
    };
  };
}
