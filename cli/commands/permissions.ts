import { crds } from "../../core/api/crd/crd.ts";
import { admissionPolicies } from "../../core/api/policy/policy.ts";
import { type Issue, isFine } from "../../core/contract/issues/issue.ts";
import { typeMeta } from "../../core/contract/kinds.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { asObject, type KubernetesObject } from "../../core/kubernetes/objects.ts";
import { plan } from "../../core/plan.ts";
import { observabilityObjects } from "../../core/platform/observability/observability.ts";
import { permissionsFor, type Subject } from "../../core/views/permissions/permissions.ts";
import { UnreadableInput } from "../input/input.ts";
import { inputFor, type RequestOptions, readRequest } from "../input/request.ts";
import { documentsText, type Format } from "../text/output.ts";
import type { Result, Terminal } from "../text/terminal.ts";

export type PermissionsOptions = Omit<RequestOptions, "file"> & {
  file?: string[];
  output: Format;
  withPlatform?: string | true;
  admissionPolicies?: boolean;
  observability?: string | true;
  subject?: Subject;
};

/** Prints the Roles of the identity that deploys the services, or the platform, or both. */
export function permissions(options: PermissionsOptions, terminal: Terminal): Result {
  const request = readRequest({ ...options, file: options.file ?? [] }, terminal);
  if (options.admissionPolicies === true && options.withPlatform === undefined) {
    throw new UnreadableInput("--admission-policies requires --with-platform");
  }
  if (options.observability !== undefined && options.withPlatform === undefined) {
    throw new UnreadableInput("--observability requires --with-platform");
  }
  const platform = platformObjects(options);
  if (request.services.length === 0 && platform.length === 0) {
    throw new UnreadableInput(
      "the input contains no LLMInferenceService: pass a file that has one with -f, or set --with-platform",
    );
  }
  const planned = request.services.map((service) => {
    const { objects, issues } = plan(inputFor(request, service));
    const all: Issue[] = [...request.issues, ...issues];
    terminal.issues(service.source, all);
    // The component records the service itself if the CRDs exist, which a plan without a platform does not know.
    const recorded = { ...typeMeta("LLMInferenceService"), metadata: asObject(service.document).metadata };
    return { objects: [recorded, ...objects], fine: isFine(all) };
  });
  if (!planned.every(({ fine }) => fine)) return terminal.done(1);
  const roles = permissionsFor([...platform, ...planned.flatMap(({ objects }) => objects)], options.subject);
  terminal.write(documentsText(roles, options.output));
  return terminal.done(0);
}

/** The objects of a Platform, as far as rights depend on them: kinds and namespaces. */
function platformObjects({
  withPlatform,
  admissionPolicies: policies,
  observability,
}: PermissionsOptions): KubernetesObject[] {
  if (withPlatform === undefined) return [];
  const namespace = withPlatform === true ? DEFAULT_SETTINGS.systemNamespace : withPlatform;
  return [
    { ...typeMeta("Namespace"), metadata: { name: namespace } },
    { ...typeMeta("LLMInferenceServiceConfig"), metadata: { name: "config", namespace } },
    ...crds().map(asObject),
    ...(policies === true ? admissionPolicies() : []),
    ...watching(observability, namespace),
  ];
}

/** Dashboards and rules, in the requested form: dashboards in a ConfigMap, rules in a PrometheusRule or a ConfigMap. */
function watching(place: string | true | undefined, systemNamespace: string): KubernetesObject[] {
  if (place === undefined) return [];
  const all = { dashboards: true, rules: true, ...(place !== true && { namespace: place }) };
  return observabilityObjects(all, systemNamespace);
}

const SUBJECT = /^(user|group):(.+)$/;
const ACCOUNT = /^serviceaccount:([^/]+)\/([^/]+)$/;

/** `user:NAME`, `group:NAME` or `serviceaccount:NAMESPACE/NAME`; undefined for anything else. */
export function subjectOf(text: string): Subject | undefined {
  const [, namespace, account] = ACCOUNT.exec(text) ?? [];
  if (namespace !== undefined && account !== undefined) return { kind: "ServiceAccount", name: account, namespace };
  const [, kind, name] = SUBJECT.exec(text) ?? [];
  return name === undefined ? undefined : { kind: kind === "user" ? "User" : "Group", name };
}
