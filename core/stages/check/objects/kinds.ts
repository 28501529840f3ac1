import type { Json } from "../../../kubernetes/json.ts";
import { asText } from "../../../kubernetes/json.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { entryOf, tableOf } from "../../../kubernetes/table.ts";
import { share } from "../../../kubernetes/workloads/workloads.ts";
import { isInside, rangeProblem } from "./addresses.ts";
import { CLAIM_SPEC } from "./claims.ts";
import { all, atMostOne, each, fields, isSet, oneOf, type Place, type Rule, range, required, text } from "./fields.ts";
import { invalid, mapping, missing, type Refusal } from "./rule.ts";
import { SELECTOR } from "./selectors.ts";

const RANGE = text(rangeProblem, "write a CIDR such as 10.0.0.0/8");
const PART: Rule = (value, place) => {
  const whole = asText(cidrOf(place));
  return text(
    (part) => rangeProblem(part) ?? (isInside(part, whole) ? undefined : `it is not inside ${whole}`),
    "write a smaller range inside cidr",
  )(value, place);
};

function cidrOf({ holder }: Place): unknown {
  return holder["cidr"];
}

/** Which peers may connect. Source: ValidateNetworkPolicyPeer, pkg/apis/networking/validation, Kubernetes 1.36. */
const PEER = fields(
  {
    podSelector: SELECTOR,
    namespaceSelector: SELECTOR,
    ipBlock: fields({ cidr: required(RANGE), except: each(PART) }),
  },
  (value, { path }) => {
    const peer = mapping(value);
    const set = ["podSelector", "namespaceSelector", "ipBlock"].filter((field) => isSet(entryOf(peer, field)));
    const fix = "set podSelector, namespaceSelector or ipBlock; namespaceSelector: {} selects every pod";
    if (set.length === 0) return [missing(path, "the peer selects nothing", fix)];
    if (set.length === 1 || !set.includes("ipBlock")) return [];
    return [
      invalid(
        path,
        `${set.join(" and ")} are set, but ipBlock cannot be combined with the selectors`,
        "write two peers",
      ),
    ];
  },
);

const MOST_SECONDS = { stabilization: 3600, period: 1800 };
const COUNT = range(1, 2 ** 31 - 1);

/** How fast an autoscaler scales. Source: validateScalingRules, pkg/apis/autoscaling/validation, Kubernetes 1.36. */
const SCALING = fields({
  stabilizationWindowSeconds: range(0, MOST_SECONDS.stabilization),
  selectPolicy: oneOf("Max", "Min", "Disabled"),
  policies: all(
    // A list that is not set gets the policies of Kubernetes; an empty one has none.
    (value, { path }) =>
      Array.isArray(value) && value.length === 0
        ? [missing(path, "the list has no policy", "add one, or remove it")]
        : [],
    each(
      fields({ type: required(oneOf("Pods", "Percent")), value: COUNT, periodSeconds: range(1, MOST_SECONDS.period) }),
    ),
  ),
  tolerance: (value, { path }) =>
    (typeof value === "string" || typeof value === "number") && quantityNumber(value) < 0
      ? [invalid(path, `${value} is below 0`, "write 0 or more")]
      : [],
});

/** A number of pods, or a percentage of them. Source: ValidatePositiveIntOrPercent, IsNotMoreThan100Percent. */
const SHARE: Rule = all(range(0, 2 ** 31 - 1), (value, { path }): Refusal[] => {
  if (typeof value !== "string" || /^(?:\d{1,2}|100)%$/.test(value)) return [];
  return [invalid(path, `${JSON.stringify(value)} is neither a number nor a percentage up to 100%`, "write 1 or 25%")];
});

const ROLLOUT = fields({ maxSurge: SHARE, maxUnavailable: SHARE });

/**
 * Groups that a rollout may neither stop nor add: a percentage of few groups rounds to zero. A value that is 0 for any
 * number is reported where it is written. Source: generalValidate, pkg/webhooks/leaderworkerset_webhook.go,
 * LeaderWorkerSet v0.9.
 */
const MOVES: Rule = (value, { path }) => {
  const { replicas = 1, rolloutStrategy } = mapping(value);
  const { maxUnavailable, maxSurge = 0 } = mapping(mapping(rolloutStrategy)["rollingUpdateConfiguration"]);
  if (typeof replicas !== "number" || !isAmount(maxUnavailable) || !isAmount(maxSurge) || replicas === 0) return [];
  const isNone = share(maxUnavailable, replicas, Math.floor) === 0 && share(maxSurge, replicas, Math.ceil) === 0;
  if (!isNone || share(maxUnavailable, 100, Math.ceil) === 0) return [];
  const message = `a rollout could never make progress: maxSurge is 0, and ${maxUnavailable} of ${replicas} ${replicas === 1 ? "group" : "groups"} is rounded down to 0`;
  const at = `${path}.rolloutStrategy.rollingUpdateConfiguration.maxUnavailable`;
  return [invalid(at, message, "set maxSurge or maxUnavailable to 1")];
};

function isAmount(value: Json | undefined): value is number | string {
  return typeof value === "number" || (typeof value === "string" && /^\d{1,3}%$/.test(value));
}

/** What the API server requires of specs, except for the pods in them. */
export const SPEC_RULES = tableOf<Rule>({
  NetworkPolicy: fields({
    podSelector: SELECTOR,
    ingress: each(fields({ from: each(PEER) })),
    egress: each(fields({ to: each(PEER) })),
  }),
  Deployment: fields({ strategy: fields({ rollingUpdate: ROLLOUT }) }),
  LeaderWorkerSet: all(fields({ rolloutStrategy: fields({ rollingUpdateConfiguration: ROLLOUT }) }), MOVES),
  PersistentVolumeClaim: CLAIM_SPEC,
  HorizontalPodAutoscaler: fields({ behavior: fields({ scaleUp: SCALING, scaleDown: SCALING }) }),
  PodDisruptionBudget: all(
    fields({ minAvailable: SHARE, maxUnavailable: SHARE, selector: SELECTOR }),
    atMostOne("minAvailable", "maxUnavailable"),
  ),
});
