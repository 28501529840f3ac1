import type { Spans } from "./releases.ts";

/**
 * Releases that give a scorer no default weight and refuse one without. Source: LoadSchedulerConfig,
 * pkg/epp/common/config/loader of the Gateway API inference extension 0.5.1, on which llm-d's scheduler 0.2.1 is built.
 */
export const WITHOUT_DEFAULT: Spans = { spans: { gie: { until: "1.0" }, "llm-d": { until: "0.3" } } };
/**
 * Releases in which a picker ends the loop that gives scorers their default weight: the scheduler panics at a scorer
 * behind it. Source: setDefaultsPhaseTwo, pkg/epp/config/loader/defaults.go of the extension 1.0.2 to 1.2.1, on which
 * llm-d's 0.3 and 0.4 are built; kubernetes-sigs/gateway-api-inference-extension#1958.
 */
export const ENDS_AT_PICKER: Spans = {
  spans: { gie: { from: "1.0", until: "1.3" }, "llm-d": { from: "0.3", until: "0.5" } },
};
