import assert from "node:assert/strict";
import { bundleOf } from "../../core/platform/bundle.ts";
import { kserveLlm, service } from "./cli.ts";

const cluster = { systemNamespace: "kserve", recorded: false };
const release = (name: string, maxNumSeqs: number) =>
  bundleOf(
    {
      defaults: { workerSpec: { tuning: { maxNumSeqs }, template: { terminationGracePeriodSeconds: 90 } } },
      accelerators: { ours: { resource: "nvidia.com/gpu", nodeSelector: { pool: "a" }, pricePerHour: 2 } },
    },
    cluster,
    name,
  ).bundle;
const releases = { old: release("old", 64), new: release("new", 128) };
const files = {
  "releases.json": releases,
  "old.json": releases.old,
  "chat.yaml": service({ accelerator: "ours", replicas: 2 }),
};

describe("kserve-llm --platform", function () {
  this.timeout(90_000);

  it("tells a platform's defaults from our presets", () => {
    const args = ["explain", "-f", "chat.yaml", "--platform", "releases.json", "--release", "new", "-o", "json"];
    const { code, out, err } = kserveLlm(args, files);
    assert.deepEqual([code, err], [0, ""]);
    const fields = JSON.parse(out).fields as { path: string; layer: string; rule: string; overrode: object[] }[];
    const rowOf = (path: string) => {
      const { layer, rule, overrode } = fields.find((one) => one.path === path) ?? {};
      return { layer, rule, overrode };
    };
    const layer = "platform releases.new.defaults.workerSpec";
    assert.deepEqual(rowOf("template.containers[name=main].args[--max-num-seqs]"), {
      layer,
      rule: "tuning",
      overrode: [],
    });
    assert.deepEqual(rowOf("template.terminationGracePeriodSeconds"), {
      layer,
      rule: "merge",
      overrode: [{ layer: "preset kserve-config-llm-template", value: 60 }],
    });
    assert.equal(rowOf("template.containers[name=main].image").layer, "preset kserve-config-llm-template");
  });

  it("compares two releases, with the prices of the platform's own accelerators", () => {
    const args = ["diff", "chat.yaml", "--platform", "releases.json", "--release-a", "old", "--release-b", "new"];
    const { code, out, err } = kserveLlm(args, files);
    assert.deepEqual([code, err], [1, ""]);
    assert.match(out, /args\[--max-num-seqs\] +64 +128 +restart$/m);
    assert.match(out, /^cost: 4 → 4 an hour \(0\)$/m);
  });

  it("renders a pinned service the same from a bundle and from the releases", () => {
    const pinned = ["render", "-f", "chat.yaml", "--digest", releases.old.digest];
    const one = kserveLlm([...pinned, "--platform", "old.json"], files);
    const many = kserveLlm([...pinned, "--platform", "releases.json", "--release", "old"], files);
    assert.deepEqual([one.code, one.out], [0, many.out]);
  });

  it("refuses a release that is not the pinned one, in every command", () => {
    const wrong = ["--platform", "releases.json", "--release", "new", "--digest", releases.old.digest];
    const rendered = kserveLlm(["render", "-f", "chat.yaml", ...wrong], files);
    assert.deepEqual([rendered.code, rendered.out], [1, ""]);
    assert.match(rendered.err, /error DigestMismatch digest/);
  });

  it("refuses a promotion whose digest is another", () => {
    const pins = (digest: string) => ["--release-from", "new", "--release-to", "new", "--digest-to", digest];
    const args = ["promote", "check", "--from", "chat.yaml", "--to", "chat.yaml", "--platform", "releases.json"];
    assert.equal(kserveLlm([...args, ...pins(releases.new.digest)], files).code, 0);
    const { code, out } = kserveLlm([...args, ...pins(releases.old.digest)], files);
    assert.equal(code, 1);
    assert.match(out, /to: error DigestMismatch digest/);
  });

  it("says that another release is tested than the other environment runs", () => {
    const args = ["promote", "check", "--from", "chat.yaml", "--to", "chat.yaml", "--platform", "releases.json"];
    const { code, out } = kserveLlm([...args, "--release-from", "new", "--release-to", "old"], files);
    assert.equal(code, 1);
    assert.match(
      out,
      /128 +platform releases\.new\.defaults\.workerSpec +64 +platform releases\.old\.defaults\.workerSpec$/m,
    );
    assert.match(out, /^pods: 2 restart$/m);
  });

  it("ends with 2 for a file that is no platform's", () => {
    const { code, err } = kserveLlm(["render", "-f", "chat.yaml", "--platform", "chat.yaml"], files);
    assert.equal(code, 2);
    assert.match(err, /neither a platform's bundle nor its releases/);
  });
});
