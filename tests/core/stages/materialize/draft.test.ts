import assert from "node:assert/strict";
import { KSERVE_0_20, KSERVE_0_21 } from "../../../../core/contract/behaviour.ts";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { planOf } from "../check/plan.ts";
import { engineIn, type Given, initializerIn, issuesIn, make, podIn } from "./given.ts";
import { MODEL, planned, specsOf } from "./operations/operated.ts";

const PROVISION = "kserve-provision-location";
const speculative = (model: string) => `--speculative-config=${JSON.stringify({ model, num_speculative_tokens: 3 })}`;
const serve = (args: readonly string[], { spec, ...given }: Given = {}) =>
  make({ ...given, spec: { template: { containers: [{ name: "main", args: [...args] }] }, ...spec } });
const native = {
  storageInitializer: { ...DEFAULT_SETTINGS.storageInitializer, ociModelMode: "native" as const },
};

describe("a draft model", () => {
  for (const scheme of ["hf", "s3", "gs", "modelscope"]) {
    it(`of ${scheme}:// is downloaded next to the model, and the engine reads it there`, () => {
      const made = serve(["/mnt/models", speculative(`${scheme}://org/draft`), "--port=8000"]);
      assert.deepEqual(initializerIn(made).args, [
        "hf://org/model",
        "/mnt/models",
        `${scheme}://org/draft`,
        "/mnt/draft",
      ]);
      assert.deepEqual(engineIn(made).args, ["/mnt/models", speculative("/mnt/draft"), "--port=8000"]);
      const mounts = engineIn(made).volumeMounts?.map(({ mountPath, subPath }) => [mountPath, subPath]);
      assert.deepEqual(mounts, [
        ["/mnt/models", "models"],
        ["/mnt/draft", "draft"],
      ]);
      assert.deepEqual(issuesIn(made), []);
    });
  }

  const WHOLE = ["--speculative-config.model", "--speculative-model", "--spec-model", "--speculative-draft-model-path"];
  for (const flag of WHOLE) {
    it(`is found in ${flag}`, () => {
      const made = serve(["/mnt/models", `${flag}=hf://org/draft`]);
      assert.ok(engineIn(made).args?.includes(`${flag}=/mnt/draft`));
      assert.ok(initializerIn(made).args?.includes("hf://org/draft"));
    });
  }

  it("is downloaded alone if the model is on a claim", () => {
    const made = serve([speculative("hf://org/draft")], {
      spec: { model: { uri: "pvc://claim/model", name: "chat" } },
    });
    assert.deepEqual(initializerIn(made).args, ["hf://org/draft", "/mnt/draft"]);
    assert.deepEqual(
      engineIn(made).volumeMounts?.find(({ name }) => name === PROVISION),
      { name: PROVISION, mountPath: "/mnt/draft", readOnly: true },
    );
  });

  it("on a claim is mounted", () => {
    const made = serve([speculative("pvc://drafts/small")]);
    assert.deepEqual(initializerIn(made).args, ["hf://org/model", "/mnt/models"]);
    assert.deepEqual(engineIn(made).args, [speculative("/mnt/draft")]);
    const mount = { name: "draft-pvc", mountPath: "/mnt/draft", readOnly: true, subPath: "small" };
    assert.deepEqual(
      engineIn(made).volumeMounts?.find(({ name }) => name === "draft-pvc"),
      mount,
    );
    assert.deepEqual(podIn(made).volumes?.find(({ name }) => name === "draft-pvc")?.persistentVolumeClaim, {
      claimName: "drafts",
    });
  });

  it("in an image is mounted as an image volume", () => {
    for (const [uri, settings] of [
      ["oci+native://registry/draft:1", {}] as const,
      ["oci://registry/draft:1", native] as const,
    ]) {
      const made = serve([speculative(uri)], { settings });
      assert.deepEqual(podIn(made).volumes?.find(({ name }) => name === "mnt-draft")?.image, {
        reference: "registry/draft:1",
        pullPolicy: "IfNotPresent",
      });
      assert.deepEqual(engineIn(made).args, [speculative("/mnt/draft")]);
    }
  });

  it("in an image is downloaded when the URI is oci+fetch://, or oci:// with ociModelMode fetch", () => {
    const fetch = { storageInitializer: { ...DEFAULT_SETTINGS.storageInitializer, ociModelMode: "fetch" as const } };
    for (const [uri, settings] of [
      ["oci+fetch://registry/draft:1", {}] as const,
      ["oci://registry/draft:1", fetch] as const,
    ]) {
      const made = serve([speculative(uri)], { settings });
      assert.deepEqual(initializerIn(made).args?.slice(2), ["oci://registry/draft:1", "/mnt/draft"]);
      assert.equal(
        podIn(made).volumes?.some(({ image }) => image !== undefined),
        false,
      );
      assert.deepEqual(issuesIn(made), []);
    }
  });

  it("is downloaded together with adapters", () => {
    const lora = { adapters: [{ name: "sql", uri: "hf://org/sql" }] };
    const made = serve(["/mnt/models", speculative("hf://org/draft")], {
      spec: { model: { uri: "hf://org/model", name: "chat", lora } },
    });
    const paths = initializerIn(made).args?.filter((arg) => arg.startsWith("/"));
    assert.deepEqual(paths, ["/mnt/models", "/mnt/lora/sql", "/mnt/draft"]);
    assert.ok(engineIn(made).args?.includes("--enable-lora"));
    assert.ok(engineIn(made).args?.includes(speculative("/mnt/draft")));
  });

  for (const model of ["org/draft", "/models/draft", "ngram"]) {
    it(`that is written as ${model} is downloaded by the engine`, () => {
      const made = serve([speculative(model)]);
      assert.deepEqual(engineIn(made).args, [speculative(model)]);
      assert.deepEqual(initializerIn(made).args, ["hf://org/model", "/mnt/models"]);
    });
  }

  it("stays as it is written under compat", () => {
    for (const behaviour of [KSERVE_0_20, KSERVE_0_21]) {
      const made = serve([speculative("hf://org/draft")], { behaviour });
      assert.deepEqual(engineIn(made).args, [speculative("hf://org/draft")]);
    }
  });

  const PLACE = "spec.template.containers[name=main].args[--speculative-config]";
  const REFUSED: Record<string, { model: string; given?: Given; wanted: string }> = {
    "a scheme that no one downloads": { model: "ftp://host/draft", wanted: `error UnsupportedScheme ${PLACE}` },
    "an image in the mode modelcar": { model: "oci://registry/draft", wanted: `error UnsupportedScheme ${PLACE}` },
    "a URI that the downloader cannot read": { model: "hf://draft", wanted: `error InvalidValue ${PLACE}` },
    "a storage initializer that is off": {
      model: "hf://org/draft",
      given: { spec: { storageInitializer: { enabled: false } } },
      wanted: `error Conflict ${PLACE}`,
    },
  };
  for (const [title, { model, given, wanted }] of Object.entries(REFUSED)) {
    it(`is refused with ${title}`, () => {
      const found = issuesIn(serve([speculative(model)], given));
      assert.ok(found.includes(wanted), found.join("\n"));
    });
  }

  it("of each role is set by its tuning and is only in the pods of that role", () => {
    const draft = (model: string) => ({ tuning: { speculativeConfig: { model, num_speculative_tokens: 3 } } });
    const router = { route: {}, scheduler: {} };
    const spec = { ...MODEL, router, ...draft("hf://org/one"), prefill: draft("s3://bucket/two") };
    const objects = planOf(spec, { checks: { UnknownModel: "off" } }).objects;
    const downloads = specsOf(objects, "Deployment").flatMap(({ template }) =>
      (template?.spec.initContainers ?? []).map(({ args }) => args?.[2]),
    );
    assert.deepEqual(new Set(downloads.filter(Boolean)), new Set(["hf://org/one", "s3://bucket/two"]));
  });

  it("counts in the memory of its accelerators, whether a URI or a name identifies it", () => {
    const memory = (model: string) =>
      planOf(
        {
          model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
          accelerator: "nvidia-l4",
          tuning: { speculativeConfig: { method: "draft_model", model, num_speculative_tokens: 3 } },
        },
        {},
      ).issues.filter(({ code }) => code === "MemoryFit");
    assert.ok(memory("Qwen/Qwen2.5-7B-Instruct").length > 0);
    assert.equal(memory("hf://Qwen/Qwen2.5-7B-Instruct").length, memory("Qwen/Qwen2.5-7B-Instruct").length);
  });

  it("restarts no pod without a draft model", () => {
    const [spec] = specsOf(planned(MODEL), "Deployment");
    assert.equal(JSON.stringify(spec).includes("/mnt/draft"), false);
  });
});
