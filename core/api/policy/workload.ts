import { KSERVE, matches, NEWER, ofWorkloads, type PolicyCheck } from "./checks.ts";

const OWN: PolicyCheck["only"] = ["own"];

/** Sizes of a workload's parallelism; one that is not set is 0. */
function sizes(workload: string): Record<"data" | "dataLocal" | "pipeline", string> {
  const size = (name: string): string => `${workload}.?parallelism.?${name}.orValue(0)`;
  return { data: size("data"), dataLocal: size("dataLocal"), pipeline: size("pipeline") };
}

const PARALLELISM = ofWorkloads((w, path): PolicyCheck[] => {
  const { data, dataLocal, pipeline } = sizes(w);
  const isData = `(${data} > 0 || ${dataLocal} > 0)`;
  const at = `${path}.parallelism`;
  return [
    {
      rule: "a worker needs the size of its group",
      path: `${path}.worker`,
      expression: `!has(${w}.worker) || ${isData} || ${pipeline} > 0`,
      message: "worker needs parallelism.data with dataLocal, or parallelism.pipeline",
      only: KSERVE,
    },
    {
      rule: "data and pipeline parallelism exclude each other",
      path: at,
      expression: `!(${isData} && ${pipeline} > 0)`,
      message: "pipeline and data (or dataLocal) cannot be set together",
      only: KSERVE,
    },
    {
      rule: "data and pipeline parallelism exclude each other",
      path: at,
      expression: `!(has(${w}.worker) && ${isData} && ${pipeline} > 0)`,
      message: "pipeline and data (or dataLocal) cannot be set together with worker",
      only: OWN,
    },
    {
      rule: "data and dataLocal are set together",
      path: at,
      expression: `has(${w}.parallelism) ? has(${w}.parallelism.data) == has(${w}.parallelism.dataLocal) : true`,
      message: "data and dataLocal must be set together",
      only: KSERVE,
    },
    {
      rule: "dataLocal divides data",
      path: `${at}.dataLocal`,
      expression: `${dataLocal} < 1 || ${data} % ${dataLocal} == 0`,
      message: "dataLocal must divide data: the ranks cannot be spread evenly over pods",
      only: OWN,
    },
  ];
});

/** Number of pods of a group: data / dataLocal, or the pipeline's stages; never less than one. */
function groupSize(workload: string): string {
  const { data, dataLocal, pipeline } = sizes(workload);
  const atLeastOne = (size: string): string => `(${size} > 0 ? ${size} : 1)`;
  const ranks = `(${atLeastOne(data)} / ${atLeastOne(dataLocal)})`;
  return `(${data} > 0 || ${dataLocal} > 0 ? ${atLeastOne(ranks)} : ${atLeastOne(pipeline)})`;
}

const GROUP_SIZE = ofWorkloads((w, path): PolicyCheck[] => {
  const old = w.replace("object", "oldObject");
  const before = w === "object.spec" ? "has(oldObject.spec)" : "has(oldObject.spec) && has(oldObject.spec.prefill)";
  return [
    {
      rule: "the size of a group does not change",
      path: `${path}.parallelism`,
      expression: `oldObject == null || !(${before}) || ${groupSize(w)} == ${groupSize(old)}`,
      message: "the size of a group is immutable",
      only: KSERVE,
    },
  ];
});

const CACHE = ofWorkloads((w, path): PolicyCheck[] => {
  const rule = "tiers of the KV cache have one backend each";
  const at = `${path}.kvCacheOffloading`;
  const tiers = `${w}.?kvCacheOffloading.?secondary.orValue([])`;
  const cpu = `string(${w}.?kvCacheOffloading.?cpu.orValue('0'))`;
  const ofTiers = (expression: string, message: string, only?: PolicyCheck["only"]): PolicyCheck => ({
    rule,
    path: `${at}.secondary`,
    expression: `${tiers}.all(tier, ${expression})`,
    message,
    ...(only && { only }),
  });
  return [
    {
      rule,
      path: `${at}.cpu`,
      expression: `size(${tiers}) == 0 || (isQuantity(${cpu}) && quantity(${cpu}).compareTo(quantity('0')) != 0)`,
      message: "secondary tiers require a CPU tier",
      only: KSERVE,
    },
    ofTiers("has(tier.fileSystem)", "the tier does not set fileSystem"),
    ofTiers(
      "!has(tier.fileSystem) || has(tier.fileSystem.emptyDir) != has(tier.fileSystem.pvc)",
      "exactly one of emptyDir and pvc must be set",
    ),
    ofTiers(
      "!has(tier.fileSystem) || !has(tier.fileSystem.pvc) || has(tier.fileSystem.pvc.spec) != has(tier.fileSystem.pvc.ref)",
      "exactly one of spec and ref must be set",
    ),
    ofTiers(
      "!has(tier.fileSystem) || !has(tier.fileSystem.pvc) || !has(tier.fileSystem.pvc.ref) || tier.fileSystem.pvc.ref.?name.orValue('') != ''",
      "the name of the claim is empty",
    ),
  ];
});

/** `scaling` of a workload, if it has one. */
const SCALING = ofWorkloads((w, path): PolicyCheck[] => {
  const at = `${path}.scaling`;
  const wva = `${w}.?scaling.?wva`;
  const checks: PolicyCheck[] = [
    {
      rule: "replicas and scaling exclude each other",
      path: at,
      expression: `!has(${w}.replicas)`,
      message: "replicas and scaling cannot be set together",
    },
    {
      rule: "scaling selects an autoscaler",
      path: `${at}.wva`,
      expression: `has(${w}.scaling.wva)`,
      message: "wva is required when scaling is set",
      only: ["kserve-0.20"],
    },
    {
      rule: "scaling selects an autoscaler",
      path: at,
      expression: `has(${w}.scaling.wva) || has(${w}.scaling.keda)`,
      message: "wva or keda is required when scaling is set",
      only: ["kserve-0.21"],
    },
    {
      rule: "scaling selects an autoscaler",
      path: at,
      expression: `!(has(${w}.scaling.wva) && has(${w}.scaling.keda))`,
      message: "wva and keda cannot be set together",
      only: NEWER,
    },
    {
      rule: "scaling selects one autoscaler",
      path: `${at}.wva`,
      expression: `!has(${w}.scaling.wva) || has(${w}.scaling.wva.hpa) || has(${w}.scaling.wva.keda)`,
      message: "either hpa or keda must be set",
      only: KSERVE,
    },
    {
      rule: "a cost is a decimal number",
      path: `${at}.wva.variantCost`,
      expression: `${wva}.?variantCost.orValue('') == '' || ${matches(`${wva}.?variantCost.orValue('')`, /^[0-9]+([.][0-9]+)?$/)}`,
      message: "variantCost must be a decimal number of 0 or more",
    },
  ];
  return checks.map((check) => ({ ...check, expression: `!has(${w}.scaling) || (${check.expression})` }));
});

const scaledBy = (role: string, mechanism: string): string => `${role}.?scaling.?${mechanism}.hasValue()`;
const [DECODE, PREFILL] = ["object.spec", "object.spec.?prefill"];
const ACTUATORS: readonly PolicyCheck[] = [
  {
    rule: "both roles use the same autoscaler",
    path: "spec.prefill.scaling.wva",
    expression: `!has(object.spec) || !${scaledBy(DECODE, "wva")} || !${scaledBy(PREFILL, "wva")} || has(object.spec.scaling.wva.hpa) == has(object.spec.prefill.scaling.wva.hpa)`,
    message: "decode and prefill must use the same autoscaler",
  },
  {
    rule: "both roles use the same autoscaler",
    path: "spec.prefill.scaling",
    expression: `!has(object.spec) || !(${scaledBy(DECODE, "wva")} && ${scaledBy(PREFILL, "keda")} || ${scaledBy(DECODE, "keda")} && ${scaledBy(PREFILL, "wva")})`,
    message: "decode and prefill must both scale by wva or both by keda",
    only: NEWER,
  },
];

export const WORKLOAD_CHECKS: readonly PolicyCheck[] = [
  ...PARALLELISM,
  ...GROUP_SIZE,
  ...CACHE,
  ...SCALING,
  ...ACTUATORS,
];
