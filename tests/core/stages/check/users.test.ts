import assert from "node:assert/strict";
import { planOf } from "./plan.ts";

const SERVICE = { model: { uri: "hf://o/m" }, accelerator: "nvidia-l4" };

/** The findings about users, and the security context of the storage initializer. */
function usersOf(pod: object, container: object): { found: string[]; initializer: unknown; nonRoot: unknown } {
  const template = { ...pod, containers: [{ name: "main", ...container }] };
  const { issues, objects } = planOf({ ...SERVICE, template });
  const found = issues
    .filter(({ message }) => message.includes("kubelet"))
    .map(({ severity, path }) => `${severity} ${path}`);
  const spec = objects.find(({ kind }) => kind === "Deployment")?.["spec"] as {
    template: { spec: Record<"initContainers" | "containers", { securityContext: { runAsNonRoot?: boolean } }[]> };
  };
  const nonRootOf = (list: "initContainers" | "containers") =>
    spec?.template.spec[list][0]?.securityContext.runAsNonRoot;
  return { found, initializer: nonRootOf("initContainers"), nonRoot: nonRootOf("containers") };
}

const AT = "spec.template.containers[0]";
const ROOT = { securityContext: { runAsUser: 0 } };
const ANY = { securityContext: { runAsNonRoot: false } };

/** The findings about users without a name. */
function namelessOf(pod: object, container: object): string[] {
  const template = { ...pod, containers: [{ name: "main", ...container }] };
  return planOf({ ...SERVICE, template })
    .issues.filter(({ message }) => message.includes("has no name for the user"))
    .map(({ severity, path }) => `${severity} ${path}`);
}

describe("the name of the user that runs vLLM", () => {
  const image = "docker.io/vllm/vllm-openai:v0.23.0";
  const securityContext = { runAsNonRoot: true, runAsUser: 1000 };

  it("is missed in vLLM's image for a user that the image does not have", () => {
    assert.deepEqual(namelessOf({}, { image, securityContext }), [`warning ${AT}.securityContext.runAsUser`]);
    assert.deepEqual(namelessOf({ securityContext }, { image }), ["warning spec.template.securityContext.runAsUser"]);
  });

  for (const [title, container] of [
    ["the image's own user", { image, securityContext: { ...securityContext, runAsUser: 2000 } }],
    ["a variable with the name", { image, securityContext, env: [{ name: "USER", value: "vllm" }] }],
    ["an older release", { image: "docker.io/vllm/vllm-openai:v0.12.0", securityContext }],
    ["another image", { image: "ghcr.io/llm-d/llm-d-cuda:v0.8.0", securityContext }],
    [
      "a mounted file of names",
      { image, securityContext, volumeMounts: [{ name: "users", mountPath: "/etc/passwd", subPath: "passwd" }] },
    ],
  ] as const)
    it(`is not missed with ${title}`, () =>
      assert.deepEqual(namelessOf({ volumes: [{ name: "users", configMap: { name: "users" } }] }, container), []));
});

describe("the user of containers", () => {
  it("user 0 of a container with runAsNonRoot is an error, because the kubelet does not start it", () =>
    assert.deepEqual(usersOf({}, { securityContext: { runAsUser: 0, runAsNonRoot: true } }).found, [
      `error ${AT}.securityContext.runAsUser`,
    ]));

  it("user 0 of the pod applies to a container without a user", () =>
    assert.deepEqual(usersOf(ROOT, { securityContext: { runAsNonRoot: true } }).found, [
      `error ${AT}.securityContext.runAsNonRoot`,
    ]));

  for (const [title, pod, container] of [
    ["user 0 of a container", {}, ROOT],
    ["user 0 of a pod", ROOT, {}],
    ["a pod that may be root", ANY, {}],
    ["an image that runs as root", {}, { image: "vllm/vllm-openai:v0.23.0" }],
    [
      "an image of SGLang",
      {},
      { image: "docker.io/lmsysorg/sglang:v0.5.9", command: ["python3", "-m", "sglang.launch_server"] },
    ],
  ] as const) {
    it(`${title} removes the presets' runAsNonRoot`, () => {
      const { found, nonRoot } = usersOf(pod, container);
      assert.deepEqual({ found, nonRoot }, { found: [], nonRoot: false });
    });
  }

  it("runAsNonRoot: true that the user sets for the pod stays, even with user 0 of a container or an image that runs as root", () => {
    const strict = { securityContext: { runAsNonRoot: true } };
    const image = "vllm/vllm-openai:v0.23.0";
    assert.deepEqual(usersOf(strict, ROOT).found, [`error ${AT}.securityContext.runAsUser`]);
    assert.deepEqual(usersOf(strict, { image }).found, [`warning ${AT}.image`]);
    assert.equal(usersOf(strict, { image }).nonRoot, true);
  });

  for (const [title, pod, container] of [
    ["of an image that names a user", {}, {}],
    ["of a container with a user", {}, { securityContext: { runAsUser: 1000 }, image: "vllm/vllm-openai:v0.23.0" }],
    ["of a container with a user, in a pod of user 0", ROOT, { securityContext: { runAsUser: 1000 } }],
  ] as const) {
    it(`the presets' runAsNonRoot ${title} stays`, () => assert.equal(usersOf(pod, container).nonRoot, true));
  }

  it("user 0 is accepted if the container may be root", () => assert.deepEqual(usersOf(ROOT, ANY).found, []));

  for (const pod of [ROOT, ANY]) {
    it(`the storage initializer does not contradict ${JSON.stringify(pod)} of its pod`, () =>
      assert.equal(usersOf(pod, ANY).initializer, undefined));
  }

  it("the storage initializer does not run as root if the pod sets no user", () =>
    assert.equal(usersOf({}, {}).initializer, true));

  for (const image of [
    "vllm/vllm-openai:v0.23.0",
    "docker.io/vllm/vllm-openai:v0.23.0",
    `vllm/vllm-openai@sha256:${"a".repeat(64)}`,
  ]) {
    it(`the image ${image}, which runs as root, is a warning if the container must not be root`, () =>
      assert.deepEqual(usersOf({}, { image, securityContext: { runAsNonRoot: true } }).found, [`warning ${AT}.image`]));
  }

  for (const [title, container] of [
    ["with a user", { image: "vllm/vllm-openai:v0.23.0", securityContext: { runAsUser: 1000 } }],
    ["that may be root", { image: "vllm/vllm-openai:v0.23.0", ...ANY }],
    ["of a mirror", { image: "registry.example/vllm/vllm-openai:v0.23.0" }],
    ["that is built for other users", { image: "vllm/vllm-openai:v0.23.0-nonroot" }],
  ] as const) {
    it(`an image ${title} is fine`, () => assert.deepEqual(usersOf({}, container).found, []));
  }
});
