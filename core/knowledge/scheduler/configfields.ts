import { type Spans, spansOf } from "./releases.ts";

/**
 * The fields of an EndpointPickerConfig, for each object in it; the scheduler refuses any other field. Source:
 * apix/config/v1alpha1 of gateway-api-inference-extension 1.0 to 1.5 and of llm-d-router 0.9 and 0.10; the decoder is
 * strict.
 */
const ROOT = `
  apiVersion llm-d@- gie@-
  kind llm-d@- gie@-
  plugins llm-d@- gie@-
  schedulingProfiles llm-d@- gie@-
  featureGates llm-d@0.4- gie@1.2-
  saturationDetector llm-d@0.4- gie@1.2-
  data llm-d@0.5-0.8 gie@1.3-1.5
  dataLayer llm-d@0.8- gie@1.5-
  flowControl llm-d@0.6- gie@1.4-
  parser llm-d@0.8- gie@1.5-
  requestHandler llm-d@0.9-
`;

/**
 * Gates that enable unfinished features. Source: the calls of RegisterFeatureGate in cmd/epp/runner of the same
 * releases.
 */
const GATES = `
  dataLayer llm-d@0.4-0.10 gie@1.2-
  flowControl llm-d@0.4- gie@1.2-
  prepareDataPlugins llm-d@0.5-0.8 gie@1.3-1.5
  enableLegacyMetrics llm-d@0.8-0.9 gie@1.5-
  haPopulateNonLeaderDatastore llm-d@0.10-
`;

/**
 * Groups and versions of the kind. All releases read the extension's, and those of llm-d's router also read llm-d's
 * own.
 */
const API_VERSIONS = `
  inference.networking.x-k8s.io/v1alpha1 llm-d@- gie@-
  llm-d.ai/v1alpha1 llm-d@0.9-
`;

export const CONFIG_KIND = "EndpointPickerConfig";

function table(rows: string): ReadonlyMap<string, Spans> {
  return new Map(
    rows
      .trim()
      .split("\n")
      .map((row) => {
        const [name = "", ...words] = row.trim().split(" ");
        return [name, spansOf(words)] as const;
      }),
  );
}

export const CONFIG_FIELDS = table(ROOT);
export const FEATURE_GATES = table(GATES);
export const CONFIG_VERSIONS = table(API_VERSIONS);

/** Fields of the items of lists, the same in all releases. */
export const ITEM_FIELDS = {
  plugins: ["name", "type", "parameters"],
  schedulingProfiles: ["name", "plugins"],
  profilePlugins: ["pluginRef", "weight"],
} as const;

/** What replaced fields of the root. */
export const RENAMED_FIELDS: Readonly<Record<string, string>> = {
  data: "dataLayer",
  dataLayer: "data",
  parser: "requestHandler",
};

/**
 * Plugins that the scheduler adds if a configuration needs one and has none, so that a profile may name them without a
 * declaration.
 */
export const ADDED_PLUGINS: ReadonlySet<string> = new Set(["max-score-picker", "single-profile-handler"]);
