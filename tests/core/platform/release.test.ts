import assert from "node:assert/strict";
import { API_VERSION } from "../../../core/api/service.ts";
import type { Stack } from "../../../core/knowledge/stacks/stack.ts";
import { presets, STACKS } from "../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../core/plan.ts";
import {
  type Bundle,
  bundleOf,
  classesOf,
  configsOf,
  onStack,
  type ReleaseContent,
  settingsOf,
  stackOfBundle,
} from "../../../core/platform/bundle.ts";
import { chooseBundle } from "../../../core/platform/choose.ts";
import { checkHistory } from "../../../core/platform/history.ts";
import { INHERITED } from "../inherited.ts";
import { deepFreeze } from "../stages/merge/freeze.ts";

const CLUSTER = { systemNamespace: "kserve", recorded: true };
const OWN_IMAGE: ReleaseContent = {
  defaults: { workerSpec: { template: { containers: [{ name: "main", image: "registry.example/vllm:v0.12.0" }] } } },
};
const made = (content: ReleaseContent, release = "", cluster = CLUSTER): Bundle =>
  bundleOf(content, cluster, release).bundle;
const codes = (issues: readonly { code: string; path: string }[]): string[] =>
  issues.map(({ code, path }) => `${code} ${path}`);

describe("bundles", () => {
  it("have the same digest for the same content, in any order and in any cluster", () => {
    const one = made({ ...OWN_IMAGE, settings: { urlScheme: "https", enableTLS: true } });
    const other = made({ settings: { enableTLS: true, urlScheme: "https" }, ...OWN_IMAGE }, "x", {
      systemNamespace: "models",
      recorded: false,
    });
    assert.equal(one.digest, other.digest);
    assert.match(one.digest, /^sha256:[0-9a-f]{64}$/);
  });

  it("have another digest for every part of the content that changes", () => {
    const digests = [
      {},
      OWN_IMAGE,
      { settings: { enableTLS: true } },
      { nodeLabels: "gke" as const },
      { accelerators: { "our-gpu": { resource: "nvidia.com/gpu" } } },
      { defaults: { prefillSpec: { prefill: { replicas: 2 } } } },
    ].map((content) => made(content).digest);
    assert.equal(new Set(digests).size, digests.length);
  });

  it("merge the platform's defaults over the presets, args flag by flag, and do not change their input", () => {
    const content = deepFreeze({
      defaults: { workerSpec: { template: { containers: [{ name: "main", args: ["--max-num-seqs=7"] }] } } },
    });
    const { configs } = configsOf(made(content));
    const worker = configs.find(({ metadata }) => metadata.name === "kserve-config-llm-template");
    const args = worker?.spec.template?.containers?.[0]?.args ?? [];
    assert.ok(args.includes("--max-num-seqs=7"));
    assert.ok(args.includes("/mnt/models"));
  });

  it("check the defaults like configs: unknown fields, fields that exclude each other, and removals", () => {
    const issues = bundleOf(
      {
        defaults: {
          workerSpec: { templat: {}, unset: ["template.nodeSelectr"], unsetArgs: ["--nonsense", "--port"] },
          decodeSpec: { replicas: 2, scaling: { minReplicas: 1, maxReplicas: 2 } },
        } as ReleaseContent["defaults"],
      },
      CLUSTER,
    ).issues;
    assert.deepEqual(codes(issues), [
      "UnknownField defaults.workerSpec.unset",
      "UnknownField defaults.workerSpec.templat",
      "UnusedField defaults.workerSpec.unsetArgs",
      "Conflict defaults.decodeSpec.scaling",
    ]);
  });

  it("report defaults that would apply to pods of another role", () => {
    const tuning = { maxNumSeqs: 8 };
    const found = (defaults: ReleaseContent["defaults"]): string[] => codes(bundleOf({ defaults }, CLUSTER).issues);
    assert.deepEqual(found({ prefillSpec: { tuning }, schedulerSpec: { replicas: 2 } }), [
      "Conflict defaults.prefillSpec.tuning",
      "Conflict defaults.schedulerSpec.replicas",
    ]);
    const right = { prefillSpec: { prefill: { tuning } }, decodeSpec: { tuning }, tracingSpec: { operations: {} } };
    assert.deepEqual(found(right), []);
  });

  it("contain the accelerator classes that defaults define, so that checks know their memory", () => {
    const ours = { resource: "nvidia.com/gpu", memoryGiB: 16 };
    const bundle = made({ defaults: { workerSpec: { accelerator: ours } }, accelerators: { big: ours } });
    assert.deepEqual(classesOf(bundle), { workerSpec: ours, big: ours });
  });

  it("lower the accelerator of a role's defaults into its template", () => {
    const { configs, issues } = configsOf(made({ defaults: { workerSpec: { accelerator: "nvidia-h100-80gb" } } }));
    assert.deepEqual(issues, []);
    const worker = configs.find(({ metadata }) => metadata.name === "kserve-config-llm-template");
    assert.deepEqual(worker?.spec.template?.nodeSelector, { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" });
    assert.equal("accelerator" in (worker?.spec ?? {}), false);
  });

  it("lower the accelerator also for the followers of a role's groups", () => {
    const { configs } = configsOf(made({ defaults: { workerDataParallelSpec: { accelerator: "nvidia-h100-80gb" } } }));
    const group = configs.find(({ metadata }) => metadata.name === "kserve-config-llm-worker-data-parallel");
    for (const pod of [group?.spec.template, group?.spec.worker])
      assert.deepEqual(pod?.nodeSelector, { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" });
  });

  it("pass the operations of a role's defaults to services, and keep them out of the objects", () => {
    const content: ReleaseContent = { defaults: { workerSpec: { operations: { podDisruptionBudget: true } } } };
    const { bundle, configs } = bundleOf(content, CLUSTER);
    assert.ok(configs.every(({ spec }) => !("operations" in spec)));
    const service = { apiVersion: API_VERSION, kind: "LLMInferenceService", metadata: { name: "chat" } };
    const { objects, issues } = plan({
      service: { ...service, spec: { model: { uri: "hf://facebook/opt-125m" } } },
      configs: configsOf(bundle).configs,
      settings: bundle.settings,
    });
    assert.deepEqual(issues, []);
    assert.ok(objects.some(({ kind }) => kind === "PodDisruptionBudget"));
    assert.notEqual(bundle.digest, made({}).digest);
  });

  it("refuse unknown roles, accelerators and versions, each with its path", () => {
    const content = {
      defaults: { workerSpek: {}, decodeSpec: { accelerator: "nvidia-h1000" } },
    } as unknown as ReleaseContent;
    const { issues } = bundleOf(content, CLUSTER, "blue");
    assert.deepEqual(codes(issues).sort(), [
      "UnknownAccelerator releases.blue.defaults.decodeSpec.accelerator",
      "UnknownField releases.blue.defaults.workerSpek",
    ]);
    assert.deepEqual(codes(bundleOf({ presetVersion: "1999.1-1" }, CLUSTER).issues), ["ReleaseNotFound presetVersion"]);
  });

  it("keep settings that a later override does not set", () => {
    const settings = settingsOf(
      "ns",
      { storageInitializer: { image: "a" } },
      { storageInitializer: { cpuLimit: "2" } },
    );
    assert.equal(settings.storageInitializer.image, "a");
    assert.equal(settings.storageInitializer.cpuLimit, "2");
    assert.equal(settings.storageInitializer.memoryLimit, "1Gi");
    assert.equal(settings.systemNamespace, "ns");
  });
});

describe("the choice of a release", () => {
  const blue = made(OWN_IMAGE, "blue");
  const green = made({}, "green");
  const releases = { blue, green };
  const chosen = (platform: Parameters<typeof chooseBundle>[0], pin: Parameters<typeof chooseBundle>[1]): string[] => {
    const { bundle, issues } = chooseBundle(platform, pin);
    return bundle === undefined ? codes(issues) : [bundle.release];
  };

  it("uses the named release if its digest is the pinned one", () => {
    assert.deepEqual(chosen(releases, { release: "blue", digest: blue.digest }), ["blue"]);
    assert.deepEqual(chosen(releases, { release: "green" }), ["green"]);
    assert.deepEqual(chosen(blue, {}), ["blue"]);
    assert.deepEqual(chooseBundle(undefined, {}), { issues: [] });
  });

  it("treats an empty pin as no pin, and refuses a pin that is not a mapping", () => {
    assert.deepEqual(chosen(blue, null), ["blue"]);
    assert.deepEqual(chosen(blue, "blue" as never), ["WrongType release"]);
  });

  it("refuses a digest that differs from the pinned one", () => {
    assert.deepEqual(chosen(releases, { release: "blue", digest: green.digest }), ["DigestMismatch digest"]);
  });

  it("refuses a bundle that this package reads differently than the platform did", () => {
    const foreign = { ...blue, digest: green.digest };
    assert.deepEqual(chosen(foreign, {}), ["DigestMismatch platform"]);
  });

  it("refuses a bundle whose digest has another form, or none, whether a digest is pinned or not", () => {
    const tampered = { ...blue, defaults: {} };
    for (const digest of [
      "x",
      "",
      "deferred",
      "deferred-5f1c7e-0-x",
      "sha256:abc",
      blue.digest.toUpperCase(),
      5,
      null,
      undefined,
    ]) {
      for (const bundle of [blue, tampered].map((one) => ({ ...one, digest }) as unknown as Bundle)) {
        const why = `${digest} of ${JSON.stringify(bundle.defaults)}`;
        assert.deepEqual(chosen({ blue: bundle }, { release: "blue" }), ["DigestMismatch platform"], why);
        const pinned = chosen({ blue: bundle }, { release: "blue", digest: blue.digest });
        assert.deepEqual(pinned, ["DigestMismatch digest", "DigestMismatch platform"], why);
        assert.deepEqual(chosen(bundle, {}), ["DigestMismatch platform"], why);
      }
    }
  });

  it("names the release whose content was changed, and where to get the right content", () => {
    const [issue] = chooseBundle({ blue: { ...blue, digest: "x" } }, { release: "blue" }).issues;
    assert.match(issue?.message ?? "", /^release blue has the digest x, but its content has the digest sha256:/);
    assert.match(issue?.fix ?? "", /^read the platform's outputs from its stack again/);
  });

  it("refuses a value that is neither a bundle nor a map of releases", () => {
    for (const platform of ["text", 5, [blue], null] as never[])
      assert.deepEqual(chosen(platform, { release: "blue" }), ["WrongType platform"]);
    assert.deepEqual(chosen({ blue: "text" } as never, { release: "blue" }), ["WrongType platform.blue"]);
  });

  it("refuses an unknown release, a missing release name if there are several, and a pin without a platform", () => {
    assert.deepEqual(chosen(releases, { release: "blu" }), ["ReleaseNotFound release"]);
    assert.match(chooseBundle(releases, { release: "blu" }).issues[0]?.fix ?? "", /blue/);
    assert.deepEqual(chosen(blue, { release: "green" }), ["ReleaseNotFound release"]);
    assert.deepEqual(chosen(releases, {}), ["MissingField release"]);
    assert.deepEqual(chosen(undefined, { release: "blue" }), ["MissingField platform"]);
  });

  it("accepts a bundle with an unknown digest only if the caller allows it", () => {
    const later = { ...blue, digest: "deferred" };
    const digestOfBlue = (path: readonly (string | number)[]): boolean => path.join() === "blue,digest";
    const pin = { release: "blue", digest: green.digest };
    assert.equal(chooseBundle({ blue: later }, pin, digestOfBlue).bundle, later);
    assert.equal(chooseBundle(later, { digest: green.digest }, digestOfBlue).bundle, undefined);
    assert.equal(chooseBundle({ green: later }, { release: "green" }, digestOfBlue).bundle, undefined);
  });

  it("finds no release by an inherited name such as constructor", () => {
    for (const release of INHERITED)
      assert.deepEqual(chosen(releases, { release }), ["ReleaseNotFound release"], release);
  });
});

describe("the history of releases", () => {
  const published = { blue: made(OWN_IMAGE, "blue"), green: made({}, "green") };

  it("lets releases be added, kept, and removed while no stack pins them", () => {
    assert.deepEqual(checkHistory(published, { ...published, red: made({}, "red") }, []), []);
    assert.deepEqual(checkHistory(published, { green: published.green }, [{ release: "green", by: "o/p/prod" }]), []);
  });

  it("refuses other content under a published name", () => {
    const issues = checkHistory(published, { ...published, blue: made({}, "blue") }, []);
    assert.deepEqual(codes(issues), ["ReleaseChanged releases.blue"]);
  });

  it("names the stacks that pin a removed release", () => {
    const [issue] = checkHistory(published, {}, [
      { release: "green", by: "o/chat/prod" },
      { release: "green", by: "o/code/prod" },
    ]);
    assert.equal(issue?.code, "ReleasePinned");
    assert.match(issue.message, /o\/chat\/prod, o\/code\/prod still pin it/);
  });
});

describe("the stack of a bundle", () => {
  const [oldest, next] = STACKS as [Stack, Stack];

  it("is the oldest one by default, with the digests that older versions published", () => {
    const bundle = made({});
    assert.deepEqual([bundle.stack, bundle.presetVersion], [oldest.name, oldest.presetVersion]);
    assert.equal(bundle.digest, "sha256:27f6007614e982df5c75063a66d35e1da84b83f48103f2aa0cd9892fa07d288d");
    const published = made({ ...OWN_IMAGE, presetVersion: "2026.11-1" });
    assert.equal(published.digest, "sha256:ae8d65577bb9abad9454aee22d2cbb98ba3d383b728a9cdf429f350199b3a029");
  });

  it("follows from the version of the presets in bundles that name no stack", () => {
    const { stack: _none, ...older } = made({});
    const { bundle, issues } = chooseBundle(older, { digest: older.digest });
    assert.deepEqual(issues, []);
    assert.ok(bundle);
    assert.equal(stackOfBundle(bundle), oldest);
    assert.deepEqual(configsOf(bundle).configs, configsOf(made({})).configs);
  });

  it("is recorded with its presets, and is part of the digest", () => {
    const bundle = made({ stack: next.name });
    assert.deepEqual([bundle.stack, bundle.presetVersion], [next.name, next.presetVersion]);
    assert.notEqual(bundle.digest, made({}).digest);
    assert.deepEqual(made({ presetVersion: next.presetVersion }), bundle);
    assert.deepEqual(configsOf(bundle).configs, presets({ namespace: "kserve", stack: next }));
    assert.deepEqual(chooseBundle(bundle, { digest: bundle.digest }).issues, []);
  });

  it("has one version of the presets: another version is refused, and so is an unknown name", () => {
    assert.deepEqual(codes(bundleOf({ stack: next.name, presetVersion: oldest.presetVersion }, CLUSTER).issues), [
      "Conflict presetVersion",
    ]);
    const [issue] = bundleOf({ stack: "llm-d-9" }, CLUSTER).issues;
    assert.deepEqual([issue?.code, issue?.path], ["ReleaseNotFound", "stack"]);
    assert.match(issue?.fix ?? "", /llm-d-0\.8, llm-d-0\.9/);
  });

  it("can be replaced for a service, which keeps everything else of the platform", () => {
    const moved = onStack(made(OWN_IMAGE), next.name);
    const worker = configsOf(moved).configs.find(({ metadata }) => metadata.name === "kserve-config-llm-template");
    assert.equal(worker?.spec.template?.containers?.[0]?.image, "registry.example/vllm:v0.12.0");
    assert.deepEqual(onStack(moved, oldest.name), made(OWN_IMAGE));
  });
});

describe("a release that a service with replica groups pins", () => {
  const content = (tag: string): ReleaseContent => ({
    defaults: { workerSpec: { template: { containers: [{ name: "main", image: `registry.example/vllm:v${tag}` }] } } },
  });
  const service = {
    apiVersion: API_VERSION,
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team" },
    spec: {
      model: { uri: "hf://Qwen/Qwen3-8B" },
      tuning: { maxModelLen: 8192 },
      router: { route: {}, scheduler: {} },
      groups: { h100: { accelerator: "nvidia-h100-80gb" }, l40s: { accelerator: "nvidia-l40s", replicas: 2 } },
    },
  };
  const planned = (bundle: Bundle) => {
    const { configs, origins } = configsOf(bundle);
    const { settings, stack } = bundle;
    return plan({ service, configs, origins, settings, stack: stack ?? stackOfBundle(bundle)?.name });
  };
  const imagesOf = ({ objects }: ReturnType<typeof plan>): string[] =>
    objects.flatMap(({ metadata, spec }) => {
      const image = /"name":"main","image":"([^"]+)"/.exec(JSON.stringify(spec ?? {}))?.[1];
      return image === undefined || metadata.labels?.["kserve-llm/group"] === undefined ? [] : [image];
    });

  it("reaches all groups, moves with the pin, and comes back byte for byte", () => {
    const releases = { blue: made(content("0.21.0"), "blue"), green: made(content("0.23.0"), "green") };
    const pinned = (release: "blue" | "green"): ReturnType<typeof plan> => {
      const { bundle, issues } = chooseBundle(releases, { release, digest: releases[release].digest });
      assert.deepEqual(issues, []);
      return planned(bundle as Bundle);
    };
    const [before, moved, back] = [pinned("blue"), pinned("green"), pinned("blue")];
    assert.deepEqual(imagesOf(before), ["registry.example/vllm:v0.21.0", "registry.example/vllm:v0.21.0"]);
    assert.deepEqual(imagesOf(moved), ["registry.example/vllm:v0.23.0", "registry.example/vllm:v0.23.0"]);
    assert.equal(JSON.stringify(back.objects), JSON.stringify(before.objects));
    assert.ok(before.objects.length > 0, JSON.stringify(before.issues));
  });

  it("moves from stack to stack and back byte for byte, also with a bundle that only names its presets", () => {
    const [oldest, newest] = [STACKS[0], STACKS.at(-1)].map((stack) => stack?.name ?? "");
    const on = (stack = ""): string => JSON.stringify(planned(made({ stack }, "blue")).objects);
    const { stack: _unnamed, ...old } = made({ stack: oldest ?? "" }, "blue");
    assert.equal(JSON.stringify(planned(old).objects), on(oldest));
    assert.notEqual(on(newest), on(oldest));
    assert.equal(on(oldest), on(oldest));
  });
});
