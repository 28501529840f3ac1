import assert from "node:assert/strict";
import { call, service } from "./cli.ts";

const files = {
  "chat.yaml": service({ router: { route: {}, gateway: {}, scheduler: {} } }, { namespace: "team" }),
  "plain.yaml": service({}, { namespace: "other", name: "plain" }),
};

interface Role {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[];
  subjects?: object[];
}

async function rolesOf(...args: string[]): Promise<Role[]> {
  const { code, out, err } = await call(["permissions", ...args, "-o", "json"], files);
  assert.equal(code, 0, err);
  return [JSON.parse(out)].flat();
}

const verbsOf = ({ rules = [] }: Role, resource: string): string[] =>
  rules.filter(({ resources }) => resources.includes(resource)).flatMap(({ verbs }) => verbs);

describe("kserve-llm permissions", () => {
  it("prints one Role for each namespace and a ClusterRole for cluster-wide objects", async () => {
    const roles = await rolesOf("-f", "chat.yaml", "-f", "plain.yaml");
    assert.deepEqual(
      roles.map(({ kind, metadata }) => [kind, metadata.namespace]),
      [
        ["ClusterRole", undefined],
        ["Role", "other"],
        ["Role", "team"],
      ],
    );
  });

  it("grants all verbs on the kinds that a service has, and nothing on other kinds", async () => {
    const roles = await rolesOf("-f", "plain.yaml");
    const role = roles.find(({ kind }) => kind === "Role");
    assert.ok(role);
    assert.deepEqual(verbsOf(role, "deployments"), ["create", "delete", "get", "list", "patch", "watch"]);
    assert.ok(verbsOf(role, "llminferenceservices").includes("patch"));
    assert.deepEqual(verbsOf(role, "pods"), ["get", "list", "watch"]);
    assert.deepEqual(verbsOf(role, "httproutes"), []);
    assert.deepEqual(verbsOf(role, "secrets"), []);
  });

  it("contains the rules of the services' Roles, and the right to bind the ClusterRoles that they name", async () => {
    const [cluster, role] = await rolesOf("-f", "chat.yaml");
    assert.ok(cluster && role);
    assert.ok(verbsOf(role, "leases").includes("update"));
    const binds = cluster.rules?.filter(({ verbs }) => verbs.includes("bind"));
    assert.deepEqual(
      binds?.map(({ resourceNames }) => resourceNames),
      [["system:auth-delegator"]],
    );
  });

  it("binds the roles to the subject that is named", async () => {
    const roles = await rolesOf("-f", "plain.yaml", "--subject", "group:deployers");
    const binding = roles.find(({ kind }) => kind === "RoleBinding");
    assert.deepEqual(binding?.subjects, [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "deployers" }]);
  });

  it("prints what a platform needs without a service, admission policies on request", async () => {
    const [cluster, role] = await rolesOf("--with-platform", "serving", "--admission-policies");
    assert.ok(cluster && role);
    assert.equal(role.metadata.namespace, "serving");
    assert.ok(verbsOf(cluster, "customresourcedefinitions").includes("patch"));
    assert.ok(verbsOf(cluster, "validatingadmissionpolicies").includes("create"));
    const [plain] = await rolesOf("--with-platform");
    assert.ok(plain && verbsOf(plain, "validatingadmissionpolicies").length === 0);
  });

  it("prints what dashboards and rules need in their namespace", async () => {
    const roles = await rolesOf("--with-platform", "serving", "--observability", "monitoring");
    const role = roles.find(({ metadata }) => metadata.namespace === "monitoring") ?? assert.fail("no Role");
    for (const plural of ["configmaps", "prometheusrules"]) assert.ok(verbsOf(role, plural).includes("create"), plural);
    const own = await rolesOf("--with-platform", "serving", "--observability");
    assert.deepEqual(
      own.map(({ metadata }) => metadata.namespace),
      [undefined, "serving"],
    );
  });

  it("exits with 2 without a service and for a malformed subject", async () => {
    assert.equal((await call(["permissions"], files)).code, 2);
    assert.equal((await call(["permissions", "-f", "chat.yaml", "--subject", "me"], files)).code, 2);
  });

  it("exits with 1 for a service that is refused", async () => {
    assert.equal((await call(["permissions", "-f", "x.yaml"], { "x.yaml": service({ replicas: -1 }) })).code, 1);
  });

  for (const option of ["--admission-policies", "--observability"]) {
    it(`exits with 2 for ${option} without --with-platform`, async () => {
      const { code, err } = await call(["permissions", "-f", "chat.yaml", option], files);
      assert.equal(code, 2);
      assert.ok(err.includes(`${option} requires --with-platform`), err);
    });
  }
});
