import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { parseAllDocuments } from "yaml";
import { crds } from "../../../core/api/crd/crd.ts";
import { admissionPolicies } from "../../../core/api/policy/policy.ts";
import { collectionPath, KINDS, type Kind, kindOf, SERVICE_KINDS } from "../../../core/contract/kinds.ts";
import { EFFECT_RULES } from "../../../core/views/diff/effects.ts";

const ROOT = join(import.meta.dirname, "../../..");
const RENDERED = ["tests/core/stages/materialize/goldens/*.yaml", "docs/**/*.yaml", "examples/**/rendered/*.yaml"];
/** Not made by a plan, but read from a user's file. */
const GIVEN = ["Gateway"];

interface Typed {
  apiVersion: string;
  kind: string;
}

const keyOf = ({ apiVersion, kind }: Typed): string => `${apiVersion} ${kind}`;

/** The kinds of all objects in the rendered files of the repository. */
function renderedKinds(): Typed[] {
  const files = RENDERED.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
  const documents = files.flatMap((file) => parseAllDocuments(readFileSync(join(ROOT, file), "utf8")));
  const objects = documents.map((document) => document.toJS() as Partial<Typed> | null);
  return objects.filter((one): one is Typed => one?.apiVersion !== undefined && one.kind !== undefined);
}

/** The string literals in the code of some folders that equal one of the texts, by their place. */
function literals(folders: readonly string[], texts: ReadonlySet<string>): { at: string; text: string }[] {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: ROOT })).sort();
  return files.flatMap((file) => {
    const code = readFileSync(join(ROOT, file), "utf8");
    if (![...texts].some((text) => code.includes(text))) return [];
    const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
    const found: { at: string; text: string }[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && texts.has(node.text)) {
        const { line } = source.getLineAndCharacterOfPosition(node.pos);
        found.push({ at: `${file}:${line + 1}`, text: node.text });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/**
 * Places that may contain the API version of a kind: below the table, as data of a published schema, or as a key of
 * prose.
 */
const MAY_WRITE_VERSIONS = /^core\/(contract\/kinds|api\/|knowledge\/presets\/|kubernetes\/schema\/generated\/)/;

describe("the table of kinds", () => {
  it("has every kind of the rendered objects in the repository exactly once", () => {
    const found = renderedKinds().filter(({ kind }) => !GIVEN.includes(kind));
    assert.ok(found.length > 100, "rendered objects are read");
    const rows = (one: Typed): Kind[] => Object.values(KINDS).filter((row) => keyOf(row) === keyOf(one));
    const wrong = new Set(found.filter((one) => rows(one).length !== 1).map(keyOf));
    assert.deepEqual([...wrong], []);
  });

  it("has no kind twice", () => {
    const keys = Object.values(KINDS).map(keyOf);
    assert.deepEqual(keys, [...new Set(keys)]);
  });

  it("has the kinds that a platform makes", () => {
    const made: Typed[] = [...crds(), ...admissionPolicies()];
    assert.deepEqual(
      made.filter((one) => kindOf(one)?.madeFor !== "platform"),
      [],
    );
  });

  it("names every kind by its key, and the older InferencePool by a separate key", () => {
    const renamed = Object.entries(KINDS).filter(([key, { kind }]) => key !== kind);
    assert.deepEqual(
      renamed.map(([key, { kind }]) => [key, kind]),
      [["AlphaInferencePool", "InferencePool"]],
    );
  });

  it("knows plurals as Kubernetes forms them, and where each kind is served", () => {
    const formed = ({ kind }: Kind): string => `${kind.toLowerCase()}s`.replace(/ys$/, "ies");
    for (const row of Object.values(KINDS)) assert.equal(row.plural, formed(row));
    assert.equal(collectionPath("Service", "team"), "/api/v1/namespaces/team/services");
    assert.equal(collectionPath("Deployment"), "/apis/apps/v1/deployments");
    assert.equal(
      collectionPath("ClusterRoleBinding", "team"),
      "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    );
  });

  it("finds the object of a service by name in every kind that belongs to no namespace", () => {
    const lost = SERVICE_KINDS.filter(({ isClusterWide, nameFor }) => isClusterWide && nameFor === undefined);
    assert.deepEqual(lost, []);
  });

  it("is the only place of the code that writes the API version of a kind", () => {
    const versions = new Set(Object.values(KINDS).map(({ apiVersion }) => apiVersion));
    versions.delete("v1");
    const found = literals(["core", "cluster", "components", "cli", "provider"], versions);
    const wrong = found.filter(({ at }) => !MAY_WRITE_VERSIONS.test(at));
    assert.deepEqual(wrong, []);
    assert.ok(found.some(({ at }) => at.startsWith("core/contract/kinds.ts")));
  });

  it("has every kind to which the effects of a change are written", () => {
    const wrong = EFFECT_RULES.filter(({ kind }) => !(kind in KINDS));
    assert.deepEqual(wrong, []);
  });
});
