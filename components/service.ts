import * as pulumi from "@pulumi/pulumi";
import type { LLMInferenceServiceSpec } from "../core/api/service.ts";
import { formatIssue, type Issue, isFine } from "../core/contract/issue.ts";
import type { Settings } from "../core/contract/parsesettings.ts";
import type { AppliedConfig, Plan } from "../core/contract/plan.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import { plan } from "../core/plan.ts";
import type { Bundle } from "../core/platform/bundle.ts";
import { certificateNames } from "../core/stages/materialize/workload/certificate.ts";
import { type ObjectReference, referenceTo } from "../core/views/diff/diff.ts";
import { withCertificates } from "./certificate.ts";
import { lookAhead, tellProgress } from "./cluster.ts";
import { reportingDefects } from "./defect.ts";
import { type Deferred, defer, restore, unknownIn } from "./deferred.ts";
import { checkPlaintext } from "./plaintext.ts";
import { sourcesOf } from "./platform.ts";
import { preparing } from "./prepared.ts";
import { registerObject, registerObjects } from "./register.ts";
import { documentsOf, inputOf, type LLMInferenceServiceArgs, type Planned } from "./request.ts";
import { explainUnknowns, refuse } from "./unknown.ts";
import { urlOf } from "./url.ts";

/** Which release a service was merged with. */
export interface ReleasePin {
  release: string;
  digest: string;
}

interface ServiceData {
  url: pulumi.Input<string>;
  pin?: ReleasePin;
  mergedSpec: LLMInferenceServiceSpec;
  appliedConfigs: AppliedConfig[];
  objects: ObjectReference[];
  issues: Issue[];
}

interface Registering {
  planned: Planned;
  opts: pulumi.ComponentResourceOptions;
  settings: Settings;
  bundle: Bundle | undefined;
  /** What installs the CRDs, which a recorded object needs. */
  needs: pulumi.Resource[];
}

/**
 * Serves a model: what KServe's controller would make of the service becomes children of this component, planned from the
 * arguments alone.
 */
export class LLMInferenceService extends pulumi.ComponentResource<ServiceData> {
  /** Where clients find the service: the route's host name where there is one, else the workload Service in the cluster. */
  declare readonly url: pulumi.Output<string>;
  /** The spec that was rendered: all layers merged, templates expanded. */
  declare readonly mergedSpec: pulumi.Output<LLMInferenceServiceSpec>;
  /** The configs that took part, lowest precedence first. */
  declare readonly appliedConfigs: pulumi.Output<AppliedConfig[]>;
  /** All that was made. */
  declare readonly objects: pulumi.Output<ObjectReference[]>;
  /** The release it was merged with; export it, so that the platform knows. Undefined without a platform. */
  declare readonly pin: pulumi.Output<ReleasePin | undefined>;
  /** What the plan had to remark; errors never get here. */
  declare readonly issues: pulumi.Output<Issue[]>;

  constructor(name: string, args: LLMInferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("kserve-llm:index:LLMInferenceService", name, { args: () => args }, opts);
    const data = pulumi.all([this.getData(), this.urn]).apply(([data]) => data);
    const { url, mergedSpec, appliedConfigs, objects, pin, issues } = data as unknown as Record<string, unknown>;
    Object.assign(this, { url, mergedSpec, appliedConfigs, objects, pin, issues });
  }

  protected override initialize(
    inputs: pulumi.Inputs,
    opts: pulumi.ComponentResourceOptions = {},
    name = "",
  ): Promise<ServiceData> {
    return reportingDefects(`the LLMInferenceService ${JSON.stringify(name)}`, () => this.make(inputs, opts, name));
  }

  /** Not a #method: the constructor of the base class calls this before those are there. */
  private async make(inputs: pulumi.Inputs, opts: pulumi.ComponentResourceOptions, name: string): Promise<ServiceData> {
    const args = (inputs["args"] as () => LLMInferenceServiceArgs)();
    const { deferred, result, issues: found } = await prepareService(name, args);
    const ahead = isFine(found)
      ? await lookAhead(this, result.plan.objects, { ...result.planned, checks: result.checks }, deferred)
      : [];
    const issues = [...found, ...ahead];
    if (!isFine(issues)) refuse(`LLMInferenceService ${JSON.stringify(name)} cannot be planned`, issues, this);
    const warnings = issues.filter((issue) => issue.severity === "warning");
    for (const warning of warnings) await pulumi.log.warn(formatIssue(warning), this);
    const { planned, plan, settings, bundle } = result;
    const needs = planned.record === false ? [] : await sourcesOf(args.platform);
    const data = this.#register(name, plan, deferred, warnings, { planned, opts, settings, bundle, needs });
    this.registerOutputs(data);
    return data;
  }

  #register(
    name: string,
    result: Plan,
    deferred: Deferred,
    issues: Issue[],
    { planned, opts, settings, bundle, needs }: Registering,
  ): ServiceData {
    const twin =
      deferred.traced === undefined ? undefined : plan(inputOf(deferred.traced as Planned, () => true).input);
    const { value, dependsOn } = restore(partsOf(result), twin && partsOf(twin), deferred);
    const options = {
      parent: this,
      prefix: name,
      dependsOn,
      await: planned.await,
      adopted: planned.adopt !== undefined,
      customTimeouts: opts.customTimeouts,
    };
    const hosts = result.service && result.spec ? certificateNames(result as Required<Plan>) : [];
    const resources = registerObjects(withCertificates(value.objects, hosts, settings.tls?.renewal), options);
    if (result.service !== undefined) tellProgress(this, result.service.metadata, result.objects, resources, planned);
    const record = planned.record ?? bundle?.recorded ?? false;
    if (record) {
      const needed = [...dependsOn, ...needs];
      registerObject(value.service as unknown as KubernetesObject, { ...options, dependsOn: needed });
    }
    const recorded = record && result.service ? [result.service as unknown as KubernetesObject] : [];
    return {
      url: urlOf(value.objects, value.service as never, settings.urlScheme),
      mergedSpec: value.spec as LLMInferenceServiceSpec,
      appliedConfigs: result.appliedConfigs,
      objects: [...result.objects, ...recorded].map(referenceTo),
      ...(bundle && { pin: { release: bundle.release, digest: bundle.digest } }),
      issues,
    };
  }
}

/** Reads and plans the arguments of a service, without registering anything. */
export const prepareService = preparing(async (name: string, args: LLMInferenceServiceArgs) => {
  const deferred = await defer(documentsOf(args, name), ["platform"]);
  const planned = deferred.planned as Planned;
  const { input, bundle, issues } = inputOf(planned, unknownIn(deferred, "platform"));
  const result = plan(input, issues);
  const all = [...result.issues, ...checkPlaintext(result.objects, planned)];
  const found = await explainUnknowns(all, result.objects, deferred);
  return {
    deferred,
    result: { planned, plan: result, settings: input.settings, checks: input.checks, bundle },
    issues: found,
  };
});

/** What of a plan becomes resources and outputs. */
function partsOf({ objects, service, spec }: Plan): Pick<Plan, "objects" | "service" | "spec"> {
  return { objects, service, spec };
}
