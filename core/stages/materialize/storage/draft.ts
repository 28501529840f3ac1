import type { Issue } from "../../../contract/issue.ts";
import { mergeArgs } from "../../../knowledge/engine/commandline.ts";
import { draftIn, type NamedDraft } from "../../../knowledge/engine/drafts.ts";
import { uriProblem } from "../../../knowledge/uris.ts";
import type { PodSpec } from "../../../kubernetes/objects.ts";
import { containerNamed, withContainer } from "../../../kubernetes/pods.ts";
import type { MaterializeContext } from "../context.ts";
import { refusal } from "../issues.ts";
import { withImageVolume } from "./imagevolume.ts";
import type { Download } from "./initializer.ts";
import { parseClaim, withClaim } from "./pvc.ts";

/** Beside the model and its adapters. */
const FOLDER = "/mnt/draft";
const VOLUME = "draft-pvc";

/** A draft model that the pod must have before its engine starts. */
interface Draft extends NamedDraft {
  scheme: string;
  path: string;
  /** The flag, for issues. */
  place: string;
}

/**
 * The draft model of the pod's engine, where it is written as a URI, as the model is. A name of the Hugging Face Hub is the
 * engine's own to download, and a path is there already.
 */
export function draftOf(
  pod: PodSpec,
  container: string,
  path: string,
  { behaviour }: Pick<MaterializeContext, "behaviour">,
): Draft | undefined {
  if (!behaviour.conveniences) return undefined;
  const named = draftIn(containerNamed(pod, container)?.args ?? []);
  const [scheme, rest] = named?.model.split("://", 2) ?? [];
  if (named === undefined || scheme === undefined || rest === undefined) return undefined;
  return { ...named, scheme, path: FOLDER, place: `${path}.containers[name=${container}].args[${named.flag}]` };
}

/** What the storage initializer downloads of it: nothing where it is mounted. */
export function draftDownloads(
  draft: Draft | undefined,
  { behaviour }: Pick<MaterializeContext, "behaviour">,
): Download[] {
  if (draft === undefined || !behaviour.downloads.includes(draft.scheme)) return [];
  return [{ uri: draft.model, path: draft.path }];
}

/** The pod with its draft model where it is mounted, and with an engine that reads it there. */
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
  const brought = scheme.startsWith("oci")
    ? withImageVolume(pod, container, model, path)
    : scheme === "pvc"
      ? withClaim(pod, container, { ...parseClaim(model), mountPath: path, volume: VOLUME })
      : pod;
  return withContainer(brought, container, (engine) => ({
    ...engine,
    args: mergeArgs(engine.args ?? [], [draft.withModel(path)]),
  }));
}

/** A model that no one downloads: the engine would take the URI for a name on the Hub. */
export function undownloaded({ model, place }: Draft): Issue {
  const message = `storageInitializer.enabled is false, so the draft model ${model} is not downloaded, and the engine cannot read a URI`;
  return refusal(
    "Conflict",
    place,
    message,
    "write the path where a volume has it, or its name on the Hugging Face Hub",
  );
}

function judgeDraft({ model, scheme, place }: Draft, { behaviour, settings }: MaterializeContext): Issue | undefined {
  const found = uriProblem(model);
  if (found !== undefined) return refusal("InvalidValue", place, found.message, found.fix);
  const isImage =
    scheme === "oci+native" || (scheme === "oci" && settings.storageInitializer.ociModelMode === "native");
  if (behaviour.downloads.includes(scheme) || scheme === "pvc" || isImage) return undefined;
  const schemes = [...behaviour.downloads, "pvc", "oci+native"].map((one) => `${one}://`);
  const message = `the scheme of the draft model ${JSON.stringify(model)} is not supported`;
  return refusal("UnsupportedScheme", place, message, `use one of ${schemes.join(", ")}`);
}
