import { entryOf } from "../../kubernetes/table.ts";
import { type SchedulerRelease, type Spans, spansOf, standingOf } from "./releases.ts";

/**
 * Data that plugins of the scheduler give each other: `DATA DEFAULT SPAN PRODUCERS`. The scheduler adds the default
 * producer of data that a plugin requires and no plugin gives, in the releases of the span. Builds of 0.10 differ in
 * whether they add one for UncachedRequestTokens, so it counts as added. Source: RegisterAsDefaultProducer in cmd/epp/runner/runner.go, Produces() of the plugins, and
 * CreateMissingDataProducers in pkg/epp/datalayer/data_graph.go of llm-d-router 0.9 and 0.10; llm-d/llm-d-router#2406 and #2407.
 */
const DATA = `
  InFlightLoad inflight-load-producer llm-d@0.9- inflight-load-producer
  UncachedRequestTokens inflight-load-producer llm-d@0.10- inflight-load-producer
  PrefixCacheMatchInfo approx-prefix-cache-producer llm-d@0.9- approx-prefix-cache-producer precise-prefix-cache-producer burst-prefix-cache-producer precise-prefix-cache-scorer
  LatencyPredictionInfo predicted-latency-producer llm-d@0.9- predicted-latency-producer
  EncoderCacheMatchInfo mm-embeddings-cache-producer llm-d@0.9- mm-embeddings-cache-producer
`;

/**
 * What plugins require, and the parameter that names the plugin which gives it: `TYPE PARAMETER DATA`. Without the
 * parameter the data is that of a plugin with the name of the default. Source: Consumes() of the same plugins.
 */
const REQUIRED = `
  active-request-scorer inFlightLoadProducerName InFlightLoad
  concurrency-detector inFlightLoadProducerName InFlightLoad
  latency-scorer latencyPredictionInfoProducerName LatencyPredictionInfo
  latency-scorer prefixMatchInfoProducerName PrefixCacheMatchInfo
  latency-slo-admitter latencyPredictionInfoProducerName LatencyPredictionInfo
  mm-embeddings-cache-scorer producerName EncoderCacheMatchInfo
  no-hit-lru-scorer prefixMatchInfoProducerName PrefixCacheMatchInfo
  pd-profile-handler prefixMatchInfoProducerName PrefixCacheMatchInfo
  predicted-latency-producer prefixMatchInfoProducerName PrefixCacheMatchInfo
  prefix-cache-affinity-filter prefixMatchInfoProducerName PrefixCacheMatchInfo
  prefix-cache-scorer prefixMatchInfoProducerName PrefixCacheMatchInfo
  slo-headroom-tier-filter latencyPredictionInfoProducerName LatencyPredictionInfo
  token-load-scorer inFlightLoadProducerName InFlightLoad
  token-load-scorer inFlightLoadProducerName UncachedRequestTokens
`;

/** The releases that look for the producers of all that is required when they start. */
const LOOKED_FOR = spansOf(["llm-d@0.9-"]);

interface Producers {
  /** The type of the default producer, which is also the name under which the scheduler adds it. */
  initial: string;
  /** The releases that add it. */
  added: Spans;
  /** The types that give the data. */
  types: readonly string[];
}

interface Requirement {
  type: string;
  parameter: string;
  data: string;
}

const rowsOf = (table: string): string[][] =>
  table
    .trim()
    .split("\n")
    .map((row) => row.trim().split(" "));

const PRODUCERS: ReadonlyMap<string, Producers> = new Map(
  rowsOf(DATA).map(([data = "", initial = "", span = "", ...types]) => [
    data,
    { initial, added: spansOf([span]), types },
  ]),
);

const REQUIREMENTS: readonly Requirement[] = rowsOf(REQUIRED).map(([type = "", parameter = "", data = ""]) => ({
  type,
  parameter,
  data,
}));

/** A plugin of a configuration: its type, its name, and its parameters. */
export interface DeclaredPlugin {
  type: string;
  name: string;
  parameters: Readonly<Record<string, unknown>>;
}

/** Data that a plugin requires and that nothing gives it. */
export interface Missing {
  plugin: DeclaredPlugin;
  data: string;
  /** The parameter that names the plugin which should give it, and that name. */
  parameter: string;
  from: string;
  /** The type to declare. */
  producer: string;
}

/** What the plugins of a configuration require and nothing gives, neither one of them nor a default that the release adds. */
export function missingData(plugins: readonly DeclaredPlugin[], release: SchedulerRelease): Missing[] {
  if (standingOf(LOOKED_FOR, release).is !== "there") return [];
  return plugins.flatMap((plugin) =>
    REQUIREMENTS.filter(({ type }) => type === plugin.type).flatMap(({ parameter, data }) => {
      const producers = PRODUCERS.get(data);
      const asked = entryOf(plugin.parameters, parameter);
      if (producers === undefined || (asked !== undefined && typeof asked !== "string")) return [];
      const from = asked || producers.initial;
      const isGiven = plugins.some(({ type, name }) => name === from && producers.types.includes(type));
      const isAdded = from === producers.initial && standingOf(producers.added, release).is === "there";
      return isGiven || isAdded ? [] : [{ plugin, data, parameter, from, producer: producers.initial }];
    }),
  );
}
