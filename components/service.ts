import * as pulumi from "@pulumi/pulumi";
import type { LLMInferenceServiceSpec } from "../core/api/service.ts";
import { formatIssue, type Issue, isFine } from "../core/contract/issues/issue.ts";
import { COMPONENT_TYPE } from "../core/contract/names.ts";
import type { AppliedConfig } from "../core/contract/plan.ts";
import { type ObjectReference, referenceTo } from "../core/views/diff/diff.ts";
import { type Deferred, unknownIn } from "./inputs/deferred.ts";
import { type Followed, follow } from "./inputs/dependence.ts";
import { withoutSecrets } from "./inputs/mask.ts";
import { restore } from "./inputs/restore.ts";
import { explainUnknowns, refuse, secretNames, unknownStructure } from "./inputs/unknown.ts";
import { withCertificate } from "./planning/certificate.ts";
import { lookAhead, reportProgress } from "./planning/cluster.ts";
import { reportingDefects } from "./planning/defect.ts";
import { emptyPlanning, planService, type ServicePlanning } from "./planning/planning.ts";
import { type Prepared, preparing } from "./planning/prepared.ts";
import { sourcesOf } from "./platform.ts";
import { decides, type LLMInferenceServiceArgs, readArguments } from "./request.ts";
import { hadEventualName, withFormerNames } from "./resources/formernames.ts";
import { setProperties } from "./resources/parts.ts";
import { afterObjects, annotating, registerObject, registerObjects } from "./resources/register.ts";

/** The release with which a service was merged. */
export interface ReleasePin {
  release: string;
  digest: string;
}

interface ServiceData {
  url: pulumi.Input<string>;
  pin?: pulumi.Input<ReleasePin>;
  mergedSpec: pulumi.Input<LLMInferenceServiceSpec>;
  appliedConfigs: pulumi.Input<AppliedConfig[]>;
  objects: ObjectReference[];
  issues: Issue[];
}

const OUTPUTS = ["url", "pin", "mergedSpec", "appliedConfigs", "objects", "issues"] as const;

/**
 * Serves a model: what KServe's controller would make of the service becomes children of this component, planned from the
 * arguments alone.
 */
export class LLMInferenceService extends pulumi.ComponentResource<ServiceData> {
  /** Where clients find the service: the route's host name if there is one, else the workload Service in the cluster. */
  declare readonly url: pulumi.Output<string>;
  /** The spec that was rendered: all layers merged, templates expanded. */
  declare readonly mergedSpec: pulumi.Output<LLMInferenceServiceSpec>;
  /** The configs that took part, lowest precedence first. */
  declare readonly appliedConfigs: pulumi.Output<AppliedConfig[]>;
  /** All objects that were made. */
  declare readonly objects: pulumi.Output<ObjectReference[]>;
  /**
   * The release with which it was merged. Export it, so that the platform knows which releases are in use. Undefined
   * without a platform.
   */
  declare readonly pin: pulumi.Output<ReleasePin | undefined>;
  /** The warnings and notes of the plan; errors stop the component before this. */
  declare readonly issues: pulumi.Output<Issue[]>;

  constructor(name: string, args: LLMInferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(COMPONENT_TYPE.service, name, { args: () => args }, opts);
    const data = this.getData();
    setProperties(this, data, OUTPUTS);
  }

  protected override initialize(
    inputs: pulumi.Inputs,
    opts: pulumi.ComponentResourceOptions = {},
    name = "",
  ): Promise<ServiceData> {
    return reportingDefects(`the LLMInferenceService ${JSON.stringify(name)}`, () => this.make(inputs, opts, name));
  }

  /** Not a #method: the constructor of the base class calls this before private methods exist. */
  private async make(inputs: pulumi.Inputs, opts: pulumi.ComponentResourceOptions, name: string): Promise<ServiceData> {
    const args = (inputs["args"] as () => LLMInferenceServiceArgs)();
    const { deferred, result, issues: found } = await prepareService(name, args);
    const { planned } = result.planning;
    const ahead = isFine(found) ? await lookAhead(this, result, deferred) : [];
    const issues = [...found, ...ahead];
    if (!isFine(issues)) refuse(`LLMInferenceService ${JSON.stringify(name)} cannot be planned`, issues, this);
    const warnings = issues.filter((issue) => issue.severity === "warning");
    for (const warning of warnings) await pulumi.log.warn(formatIssue(warning), this);
    for (const issue of issues) if (issue.severity === "info") await pulumi.log.info(formatIssue(issue), this);
    const needs = planned.record === false ? [] : await sourcesOf(args.platform);
    const { registered, ...made } = this.#register(name, { result, deferred }, opts, needs);
    const data = { ...made, issues: warnings };
    // Policies see a component's outputs but not its arguments. From these outputs they learn that a check is switched
    // off.
    const checks = result.planning.input?.checks ?? {};
    this.registerOutputs({ ...data, objects: registered, ...(Object.keys(checks).length > 0 && { checks }) });
    return data;
  }

  /**
   * `needs` installs the CRDs, which a recorded object requires; `registered` are the objects once they are registered.
   */
  #register(
    name: string,
    { result, deferred }: { result: Followed<ServicePlanning>; deferred: Deferred },
    { customTimeouts }: pulumi.ComponentResourceOptions,
    needs: readonly pulumi.Resource[],
  ): Omit<ServiceData, "issues"> & { registered: Promise<ObjectReference[]> } {
    const { planned, plan, hosts, recorded, objects } = result.planning;
    const restored = restore(result, deferred, annotating(planned.await));
    const { dependsOn } = restored;
    const adopted = planned.adopt !== undefined;
    const options = { parent: this, prefix: name, dependsOn, await: planned.await, adopted, customTimeouts };
    const all = withFormerNames(restored.objects, hadEventualName);
    const children = all.slice(0, plan.objects.length).map((object) => withCertificate(object, hosts));
    const resources = registerObjects(children, options);
    if (plan.service !== undefined)
      reportProgress(this, plan.service.metadata, { objects: plan.objects, resources }, planned);
    for (const service of recorded ? all.slice(plan.objects.length) : []) {
      registerObject(service, { ...options, dependsOn: [...dependsOn, ...needs] });
    }
    const references = objects.map(referenceTo);
    const values = restored.values as Omit<ServiceData, "issues" | "objects">;
    return { ...values, objects: references, registered: afterObjects(references, children, resources) };
  }
}

/** Reads and plans the arguments of a service, without registering anything. */
export const prepareService = preparing(preparingWith(planService));

/** The same with a planner that may remember what it planned. */
export function preparingWith(planner: typeof planService) {
  return async (name: string, args: LLMInferenceServiceArgs): Promise<Prepared<Followed<ServicePlanning>>> => {
    const deferred = await readArguments(name, args);
    const missing = await unknownStructure(deferred, decides);
    const result = follow(deferred, {
      plan: missing.length > 0 ? emptyPlanning : planner(unknownIn(deferred, "platform")),
      nothing: emptyPlanning,
    });
    const { objects } = result.planning;
    const issues = await explainUnknowns(withoutSecrets(result, deferred.planned), objects, deferred);
    return { deferred, result, issues: [...missing, ...issues, ...secretNames(deferred)] };
  };
}
