import assert from "node:assert/strict";
import { crds } from "../../core/api/crd/crd.ts";
import type { Dialect } from "../../core/api/deviations.ts";
import { admissionPolicies } from "../../core/api/policy/policy.ts";
import { OWN } from "../../core/contract/behaviour.ts";
import { applySchemaDefaults } from "../../core/stages/read/defaults.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { crdEstablished } from "../../tools/cluster/crds.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { type AdmissionCase, isUnenforced, planErrors, recordedCases, ruleCases } from "../core/api/policy/cases.ts";
import { install, removePolicies, submit, wrongVerdicts } from "./admission.ts";

const probe = (spec: object, annotations?: object): AdmissionCase => ({
  name: "probe",
  input: {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "probe", ...annotations },
    spec: { model: { uri: "hf://o/m" }, ...spec },
  } as never,
  accepted: true,
  compat: "kserve-0.21",
});
/** KServe's CRD refuses it by mistake; the CRD of this package does not. */
const KEDA_ADVANCED = probe({ scaling: { maxReplicas: 2, wva: { keda: { advanced: {} } } } });
/** Documents that only policies refuse: those of KServe's build, and those of both. */
const OF_THE_BUILD = probe({ parallelism: { data: 2 } });
const OF_BOTH = probe({}, { annotations: { "serving.kserve.io/exp-dra-device-count": "1" } });

describe("admission by a real API server", () => {
  let cluster: Cluster;
  const isRefused = async (one: AdmissionCase): Promise<boolean> => (await submit(cluster, one, 0)) !== undefined;
  const installCrds = async (dialect: Dialect): Promise<void> => {
    const installed = crds({ dialect });
    await install(cluster, installed, async () => {
      for (const { metadata } of installed) await crdEstablished(cluster, metadata.name);
      return (await isRefused(KEDA_ADVANCED)) === (dialect !== "own");
    });
  };
  const installPolicies = (dialect: Dialect): Promise<void> =>
    install(
      cluster,
      admissionPolicies({ dialect }),
      async () => (await isRefused(OF_THE_BUILD)) === (dialect !== "own") && (await isRefused(OF_BOTH)),
    );
  const sound = async (): Promise<void> => {
    for (const { metadata } of admissionPolicies()) {
      const path = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/${metadata.name}`;
      const { body } = await cluster.request("GET", path);
      assert.deepEqual(
        (body.status?.["typeChecking"] as { expressionWarnings?: unknown } | undefined)?.expressionWarnings ?? [],
        [],
      );
    }
  };

  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster?.stop());

  describe("with KServe's build of CRDs and policies", () => {
    before(async () => {
      await installCrds("kserve-0.21");
      await installPolicies("kserve-0.21");
    });
    after(() => removePolicies(cluster));

    const rightly = (one: AdmissionCase, refusal: string | undefined): boolean =>
      (refusal === undefined) === one.accepted || isUnenforced(one);

    it("every recorded verdict is KServe's, except for faults that only the plan can find", async function () {
      const cases = recordedCases(["kserve-0.21"]);
      if (cases.length === 0) this.skip();
      assert.deepEqual(await wrongVerdicts(cluster, cases, rightly), []);
    });

    it("every rule of the table is in force, except for faults that only the plan can find", async () => {
      assert.deepEqual(await wrongVerdicts(cluster, ruleCases(), rightly), []);
    });

    it("expressions are of the right types", sound);
  });

  describe("with the CRDs that are installed", () => {
    before(() => installCrds("own"));
    const accepted = (_one: AdmissionCase, refusal: string | undefined): boolean => refusal === undefined;

    it("every case that KServe accepts is accepted", async function () {
      const cases = recordedCases(["kserve-0.21"]).filter((one) => one.accepted);
      if (cases.length === 0) this.skip();
      assert.deepEqual(await wrongVerdicts(cluster, cases, accepted), []);
    });

    describe("and the policies", () => {
      before(() => installPolicies("own"));

      it("a document that the plan accepts is accepted, and one that a policy refuses is also refused by the plan", async () => {
        const cases = [...recordedCases(), ...ruleCases()];
        const fine = cases.filter(
          (one) => planErrors({ ...one, input: applySchemaDefaults(one.input) }, OWN).length === 0,
        );
        assert.ok(fine.length > 30);
        assert.deepEqual(await wrongVerdicts(cluster, fine, accepted), []);
      });

      it("expressions are of the right types", sound);
    });
  });
});
