import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOWNLOAD_URL } from "../../provider/schema/home.ts";
import { LANGUAGE } from "../../provider/schema/language.ts";
import { completeJava, mavenRepository } from "../../tools/sdk/java.ts";

const ROOT = join(import.meta.dirname, "../..");

describe("the SDK of Java", () => {
  let folder: string;
  const cache = process.env["XDG_CACHE_HOME"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-java-"));
  });
  afterEach(() => {
    if (cache === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = cache;
    rmSync(folder, { recursive: true, force: true });
  });

  it("is a project of Maven with the version and the dependencies of the schema", () => {
    const resources = join(folder, "src/main/resources/com/pulumi/kserve-llm");
    mkdirSync(resources, { recursive: true });
    writeFileSync(join(resources, "version.txt"), "1.2.3");
    completeJava(folder, "1.2.3");
    const pom = readFileSync(join(folder, "pom.xml"), "utf8");
    const [, own = ""] = /<\/modelVersion>\s+(.*)\n/.exec(pom) ?? [];
    assert.equal(own, "<groupId>com.pulumi</groupId><artifactId>kserve-llm</artifactId><version>1.2.3</version>");
    for (const [name, version] of Object.entries(LANGUAGE.java.dependencies)) {
      const [group, artifact] = name.split(":");
      const wanted = `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;
      assert.ok(pom.includes(`<dependency>${wanted}</dependency>`), name);
    }
    const plugin: unknown = JSON.parse(readFileSync(join(resources, "plugin.json"), "utf8"));
    assert.deepEqual(plugin, { resource: true, name: "kserve-llm", version: "1.2.3", server: DOWNLOAD_URL });
  });

  it("is refused if the generator wrote no version", () => {
    assert.throws(() => completeJava(folder, "1.2.3"), /has no version\.txt/);
  });

  it("is installed into a separate repository, not into the shared cache of Maven", () => {
    process.env["XDG_CACHE_HOME"] = join(folder, "cache");
    const shared = join(folder, "cache/pulumi-kserve-llm/maven");
    for (const name of ["org/example", "com/google", "com/pulumi/pulumi", "com/pulumi/kserve-llm"]) {
      mkdirSync(join(shared, name), { recursive: true });
      writeFileSync(join(shared, name, "file"), "shared");
    }
    const own = mavenRepository(join(folder, "own"));
    for (const name of ["org/example", "com/google", "com/pulumi/pulumi"]) {
      assert.equal(readFileSync(join(own, name, "file"), "utf8"), "shared", name);
    }
    mkdirSync(join(own, "com/pulumi/kserve-llm"));
    writeFileSync(join(own, "com/pulumi/kserve-llm/file"), "own");
    assert.equal(readFileSync(join(shared, "com/pulumi/kserve-llm/file"), "utf8"), "shared");
  });
});

it("npm run sdk names the available languages if it is called with another one", () => {
  const { status, stderr } = spawnSync(process.execPath, ["tools/sdk/main.ts", "java", "cobol"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /^cobol: there are generators for nodejs, python, go, java, dotnet$/m);
});
