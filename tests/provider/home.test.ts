import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DOWNLOAD_URL, GO_MODULE, LOGO_URL, PUBLISHER, REPOSITORY } from "../../provider/schema/home.ts";
import { packageSchema } from "../../provider/schema/schema.ts";
import { ROOT, readText } from "../repository.ts";

describe("where the package is published", () => {
  it("is the same in package.json and in provider/schema/home.ts", () => {
    const { homepage, repository, bugs } = JSON.parse(readText("package.json")) as Record<string, unknown>;
    assert.deepEqual(
      { homepage, repository, bugs },
      {
        homepage: `${REPOSITORY}#readme`,
        repository: { type: "git", url: `git+${REPOSITORY}.git` },
        bugs: `${REPOSITORY}/issues`,
      },
    );
  });

  it("is in the schema: homepage, repository, logo, download, publisher, namespace", () => {
    const { homepage, repository, logoUrl, pluginDownloadURL, publisher, namespace } = packageSchema("1.2.3");
    assert.deepEqual([homepage, repository, logoUrl], [REPOSITORY, REPOSITORY, LOGO_URL]);
    assert.deepEqual([pluginDownloadURL, publisher, namespace], [DOWNLOAD_URL, PUBLISHER, PUBLISHER]);
    assert.match(DOWNLOAD_URL, /^github:\/\/api\.github\.com\/[^/]+\/[^/]+$/, "the form that engines read");
  });

  it("has the logo that the schema names", () => {
    assert.ok(existsSync(join(ROOT, /\/(docs\/.+)$/.exec(LOGO_URL)?.[1] ?? "")), LOGO_URL);
  });

  it("is the Go module that the example of Go requires and imports", () => {
    assert.ok(readText("examples/go/go.mod").includes(`replace ${GO_MODULE} => ../../sdk/go`));
    assert.ok(readText("examples/go/main.go").includes(`"${GO_MODULE}/kservellm"`));
  });

  it("requires the kubernetes package in the version that the types of the schema refer to", () => {
    const schema = packageSchema("1.2.3");
    const versions = [...JSON.stringify(schema).matchAll(/\/kubernetes\/v([\d.]+)\/schema/g)].map(
      ([, version]) => version,
    );
    assert.deepEqual(
      schema["dependencies"],
      [...new Set(versions)].map((version) => ({ name: "kubernetes", version })),
    );
  });
});
