import assert from "node:assert/strict";
import type { LLMInferenceService } from "../../../../core/api/service.ts";
import { COMPATS, OWN } from "../../../../core/contract/behaviour.ts";
import { KnownObjects } from "../../../../core/kubernetes/known.ts";
import { asObject } from "../../../../core/kubernetes/objects.ts";
import { withCacheMarks } from "../../../../core/stages/read/localmodel.ts";

const MARK = "internal.serving.kserve.io/localmodel";
const GROUP = "serving.kserve.io/nodegroup";
const DISABLE = "serving.kserve.io/disable-localmodel";
const BEHAVIOURS = { ...COMPATS, own: OWN };

const cache = (name: string, sourceModelUri: string, nodeGroups = ["gpu"]) =>
  asObject({
    apiVersion: "serving.kserve.io/v1alpha1",
    kind: "LocalModelCache",
    metadata: { name },
    spec: { sourceModelUri, nodeGroups },
  });
const cacheIn = (namespace: string, name: string, sourceModelUri: string) =>
  asObject({ ...cache(name, sourceModelUri), kind: "LocalModelNamespaceCache", metadata: { name, namespace } });

/** Marks as a line: the cache, its namespace, the source and the claim. */
const marks = (...[name, namespace, source, claim]: (string | undefined)[]) => ({
  labels: { ...(name && { [MARK]: name }), ...(namespace && { [`${MARK}-namespace`]: namespace }) },
  annotations: { ...(source && { [`${MARK}-sourceuri`]: source }), ...(claim && { [`${MARK}-pvc-name`]: claim }) },
});
const STALE = marks("old", "team", "hf://org/old", "old-gpu");

interface Given {
  uri?: string;
  caches?: ReturnType<typeof cache>[];
  enabled?: boolean;
  written?: ReturnType<typeof marks>;
  annotations?: Record<string, string>;
}

function marked(behaviour: keyof typeof BEHAVIOURS, given: Given) {
  const { uri = "hf://org/model", caches = [], enabled = true, written = marks(), annotations = {} } = given;
  const service: LLMInferenceService = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: {
      name: "chat",
      namespace: "team",
      labels: { mine: "a", ...written.labels },
      annotations: { ...annotations, ...written.annotations },
    },
    spec: { model: { uri } },
  };
  const known = new KnownObjects(caches);
  const settings = { localModel: { enabled } };
  const made = withCacheMarks(service, { settings, known, behaviour: BEHAVIOURS[behaviour] });
  const { labels = {}, annotations: found = {} } = made.service.metadata;
  assert.equal(labels["mine"], "a");
  const only = (map: Record<string, string>) =>
    Object.fromEntries(Object.entries(map).filter(([k]) => k.startsWith(MARK)));
  return {
    labels: only(labels),
    annotations: only(found),
    issues: made.issues.map(({ code, path }) => `${code} ${path}`),
  };
}

const NONE = { ...marks(), issues: [] };
const of = (...args: Parameters<typeof marks>) => ({ ...marks(...args), issues: [] });

const EVERYWHERE: Record<string, { given: Given; wanted: ReturnType<typeof of> }> = {
  "the cache of its very URI": {
    given: { caches: [cache("c", "hf://org/model")] },
    wanted: of("c", undefined, "hf://org/model", "c-gpu"),
  },
  "a cache of a folder above its model": {
    given: { uri: "s3://bucket/models/llama", caches: [cache("c", "s3://bucket/models/")] },
    wanted: of("c", undefined, "s3://bucket/models/", "c-gpu"),
  },
  "no cache of a model whose name only starts the same": {
    given: { uri: "hf://org/model-7b", caches: [cache("c", "hf://org/model")] },
    wanted: NONE,
  },
  "no cache of a folder below its model": {
    given: { uri: "s3://bucket/models", caches: [cache("c", "s3://bucket/models/llama")] },
    wanted: NONE,
  },
  "the first cache by name of several": {
    given: { caches: [cache("z", "hf://org/model"), cache("a", "hf://org")] },
    wanted: of("a", undefined, "hf://org", "a-gpu"),
  },
  "the cache of its namespace before one of the cluster": {
    given: { caches: [cache("a", "hf://org/model"), cacheIn("team", "n", "hf://org/model")] },
    wanted: of("n", "team", "hf://org/model", "n-gpu"),
  },
  "no cache of another namespace": { given: { caches: [cacheIn("else", "n", "hf://org/model")] }, wanted: NONE },
  "the cache of its group of nodes": {
    given: {
      caches: [cache("a", "hf://org/model"), cache("b", "hf://org/model", ["cpu", "big"])],
      annotations: { [GROUP]: "big" },
    },
    wanted: of("b", undefined, "hf://org/model", "b-big"),
  },
  "no cache of other groups of nodes": {
    given: { caches: [cache("a", "hf://org/model")], annotations: { [GROUP]: "big" } },
    wanted: NONE,
  },
  "no cache where its annotation turns them off, whatever the value": {
    given: { caches: [cache("a", "hf://org/model")], annotations: { [DISABLE]: "false" } },
    wanted: NONE,
  },
  "no cache where the settings turn them off": {
    given: { enabled: false, caches: [cache("a", "hf://org/model")] },
    wanted: NONE,
  },
  "the marks of the cache in place of others": {
    given: { written: STALE, caches: [cache("c", "hf://org/model")] },
    wanted: of("c", undefined, "hf://org/model", "c-gpu"),
  },
  "the marks that are written where its URI comes from a config": {
    given: { uri: "", written: STALE, caches: [cache("c", "hf://org/model")] },
    wanted: { ...STALE, issues: [] },
  },
};

describe("a service", () => {
  for (const behaviour of Object.keys(BEHAVIOURS) as (keyof typeof BEHAVIOURS)[]) {
    for (const [title, { given, wanted }] of Object.entries(EVERYWHERE)) {
      it(`has ${title} (${behaviour})`, () => assert.deepEqual(marked(behaviour, given), wanted));
    }
  }

  for (const compat of Object.keys(COMPATS) as (keyof typeof COMPATS)[]) {
    it(`drops the marks of a model cache that the plan does not know (${compat})`, () => {
      const written = marks("c", undefined, "hf://org/model", "c-gpu");
      assert.deepEqual(marked(compat, { written }), NONE);
      assert.deepEqual(marked(compat, { written, enabled: false }), NONE);
    });
  }

  it("keeps marks that the service sets and that may belong to its model", () => {
    const written = marks("c", undefined, "hf://org", "c-gpu");
    for (const enabled of [true, false]) {
      assert.deepEqual(marked("own", { written, enabled }), { ...written, issues: [] });
    }
  });

  it("drops marks of a cache of another model, with a warning", () => {
    const issues = [`UnusedField metadata.annotations[${MARK}-sourceuri]`];
    for (const source of ["hf://org/mod", "hf://org/model/sub", "hf://else"]) {
      const written = marks("c", undefined, source, "c-gpu");
      assert.deepEqual(marked("own", { written, enabled: false }), { ...marks(), issues });
    }
  });
});
