import { isDownloaded, schemeOf } from "../../../contract/downloads.ts";
import type { Issue } from "../../../contract/issues/issue.ts";
import { draftIn, type NamedDraft } from "../../../knowledge/engine/drafts.ts";
import { mergeArgs } from "../../../knowledge/engine/flags/commandline.ts";
import { uriProblem } from "../../../knowledge/uris.ts";
import type { PodSpec } from "../../../kubernetes/objects.ts";
import { containerNamed, withContainer } from "../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../context.ts";
import { refusal } from "../issues.ts";
import { withImageVolume } from "./imagevolume.ts";
import type { Download } from "./initializer.ts";
import { parseClaim, withClaim } from "./pvc.ts";

/** Next to the model and its adapters. */
const FOLDER = "/mnt/draft";
const VOLUME = "draft-pvc";

/** A draft model that must be in the pod before its engine starts. */
interface Draft extends NamedDraft {
  /** How it is brought into the pod. */
  scheme: string;
  path: string;
  /** The flag, for issues. */
  place: string;
}

/**
 * The draft model of the pod's engine, if it is written as a URI like the model. The engine downloads a name of the
 * Hugging Face Hub itself, and a path exists already.
 */
export function draftOf(
  pod: PodSpec,
  container: string,
  path: string,
  context: Pick<MaterializeContext, "behaviour" | "settings">,
): Draft | undefined {
  if (!context.behaviour.shorthands) return undefined;
  const named = draftIn(containerNamed(pod, container)?.args ?? []);
  if (!named?.model.includes("://")) return undefined;
  const scheme = schemeOf(named.model, context);
  return { ...named, scheme, path: FOLDER, place: `${path}.containers[name=${container}].args[${named.flag}]` };
}

/** What the storage initializer downloads of it: nothing if it is mounted. */
export function draftDownloads(
  draft: Draft | undefined,
  context: Pick<MaterializeContext, "behaviour" | "settings">,
): Download[] {
  if (draft === undefined || !isDownloaded(draft.model, context)) return [];
  return [{ uri: draft.model, path: draft.path }];
}

/** The pod with its draft model mounted, if it is, and with an engine that reads it there. */
export function withDraft(
  pod: PodSpec,
  container: string,
  draft: Draft | undefined,
  context: MaterializeContext,
): PodSpec {
  if (draft === undefined) return pod;
  const wrong = judgeDraft(draft, context);
  if (wrong !== undefined) {
    context.report(wrong);
    return pod;
  }
  const { model, path, scheme } = draft;
  const brought = isDownloaded(model, context)
    ? pod
    : scheme === "pvc"
      ? withClaim(pod, container, { ...parseClaim(model), mountPath: path, volume: VOLUME })
      : withImageVolume(pod, container, model, path);
  return withContainer(brought, container, (engine) => ({
    ...engine,
    args: mergeArgs(engine.args ?? [], [draft.withModel(path)]),
  }));
}

/** A model that nothing downloads: the engine would take the URI for a name on the Hub. */
export function undownloaded({ model, place }: Draft): Issue {
  const message = `storageInitializer.enabled is false, so the draft model ${model} is not downloaded, and the engine cannot read a URI`;
  return refusal(
    "Conflict",
    place,
    message,
    "write the path of the model on a volume, or its name on the Hugging Face Hub",
  );
}

function judgeDraft({ model, scheme, place }: Draft, context: MaterializeContext): Issue | undefined {
  const { behaviour, settings } = context;
  const found = uriProblem(model);
  if (found !== undefined) return refusal("InvalidValue", place, found.message, found.fix);
  const isImage =
    scheme === "oci+native" || (scheme === "oci" && settings.storageInitializer.ociModelMode === "native");
  if (isDownloaded(model, context) || scheme === "pvc" || isImage) return undefined;
  const schemes = [...behaviour.downloads, "pvc", "oci+native"].map((one) => `${one}://`);
  const message = `the scheme of the draft model ${JSON.stringify(model)} is not supported`;
  return refusal("UnsupportedScheme", place, message, `use one of ${schemes.join(", ")}`);
}
