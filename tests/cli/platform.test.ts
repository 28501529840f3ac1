import assert from "node:assert/strict";
import { bundleOf } from "../../core/platform/bundle.ts";
import { call, service } from "./cli.ts";

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

describe("kserve-llm --platform", () => {
  it("explain names the platform as the layer of its defaults, apart from the presets", async () => {
    const args = ["explain", "-f", "chat.yaml", "--platform", "releases.json", "--release", "new", "-o", "json"];
    const { code, out, err } = await call(args, files);
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

  it("compares two releases, with the prices of the platform's own accelerators", async () => {
    const args = ["diff", "chat.yaml", "--platform", "releases.json", "--release-a", "old", "--release-b", "new"];
    const { code, out, err } = await call(args, files);
    assert.deepEqual([code, err], [1, ""]);
    assert.match(out, /args\[--max-num-seqs\] +64 +128 +restart$/m);
    assert.match(out, /^cost: 4 → 4 per hour \(0\)$/m);
  });

  it("renders a pinned service the same from a bundle and from the releases", async () => {
    const pinned = ["render", "-f", "chat.yaml", "--digest", releases.old.digest];
    const one = await call([...pinned, "--platform", "old.json"], files);
    const many = await call([...pinned, "--platform", "releases.json", "--release", "old"], files);
    assert.deepEqual([one.code, one.out], [0, many.out]);
  });

  it("refuses a release that is not the pinned one, in every command", async () => {
    const wrong = ["--platform", "releases.json", "--release", "new", "--digest", releases.old.digest];
    const rendered = await call(["render", "-f", "chat.yaml", ...wrong], files);
    assert.deepEqual([rendered.code, rendered.out], [1, ""]);
    assert.match(rendered.err, /error DigestMismatch digest/);
  });

  it("refuses a release whose content was changed under a digest of another form, in every command", async () => {
    const changed = { ...releases, new: { ...releases.new, defaults: {}, digest: "x" } };
    const platform = ["--platform", "releases.json"];
    const pin = (side = "") => [`--release${side}`, "new", `--digest${side}`, releases.new.digest];
    const commands = [
      ["render", "-f", "chat.yaml", ...platform, ...pin()],
      ["validate", "-f", "chat.yaml", ...platform, ...pin()],
      ["explain", "-f", "chat.yaml", ...platform, ...pin()],
      ["fit", "-f", "chat.yaml", ...platform, ...pin()],
      ["diff", "chat.yaml", ...platform, "--release-a", "old", ...pin("-b")],
      ["promote", "check", "--from", "chat.yaml", "--to", "chat.yaml", ...platform, ...pin("-from"), ...pin("-to")],
    ];
    for (const command of commands) {
      const { code, out, err } = await call(command, { ...files, "releases.json": changed });
      assert.notEqual(code, 0, command.join(" "));
      assert.match(out + err, /DigestMismatch .*release new has the digest x/, command.join(" "));
    }
  });

  it("refuses a promotion whose digest differs", async () => {
    const pins = (digest: string) => ["--release-from", "new", "--release-to", "new", "--digest-to", digest];
    const args = ["promote", "check", "--from", "chat.yaml", "--to", "chat.yaml", "--platform", "releases.json"];
    assert.equal((await call([...args, ...pins(releases.new.digest)], files)).code, 0);
    const { code, out } = await call([...args, ...pins(releases.old.digest)], files);
    assert.equal(code, 1);
    assert.match(out, /to: error DigestMismatch digest/);
  });

  it("promote check reports a tested release that differs from the release of the other environment", async () => {
    const args = ["promote", "check", "--from", "chat.yaml", "--to", "chat.yaml", "--platform", "releases.json"];
    const { code, out } = await call([...args, "--release-from", "new", "--release-to", "old"], files);
    assert.equal(code, 1);
    assert.match(
      out,
      /128 +platform releases\.new\.defaults\.workerSpec +64 +platform releases\.old\.defaults\.workerSpec$/m,
    );
    assert.match(out, /^pods: 2 restart$/m);
  });

  it("exits with 2 for a file that is not a platform's bundle or releases", async () => {
    const { code, err } = await call(["render", "-f", "chat.yaml", "--platform", "chat.yaml"], files);
    assert.equal(code, 2);
    assert.match(err, /neither the bundle of a platform nor a map of its releases/);
  });
});
