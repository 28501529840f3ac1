import assert from "node:assert/strict";
import { parse } from "yaml";
import { GO_MODULE, REPOSITORY } from "../../provider/schema/home.ts";
import { LANGUAGE } from "../../provider/schema/language.ts";
import { archiveName, TARGETS } from "../../tools/release/targets.ts";
import { readText } from "../repository.ts";

const PAGES = ["docs/_index.md", "docs/installation-configuration.md"];

/** The code blocks of a language. */
function blocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text = ""]) => text);
}

describe("the pages for the Pulumi registry", () => {
  for (const page of PAGES) {
    it(`${page} starts with the front matter that the registry reads`, () => {
      const [, front = ""] = /^---\n([\s\S]*?)\n---\n/.exec(readText(page)) ?? [];
      const { title, meta_desc, layout } = parse(front) as Record<string, string>;
      assert.match(title ?? "", /^KServe LLM/);
      assert.ok((meta_desc ?? "").length > 50);
      assert.equal(layout, "package");
    });

    it(`${page} links to the repository by full URLs, because the registry has no other file of it`, () => {
      const links = [...readText(page).matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
      assert.deepEqual(
        links.filter((link) => !link.startsWith(`${REPOSITORY}/`)),
        [],
      );
    });
  }

  const EXAMPLES = {
    typescript: "examples/typescript-sdk/index.ts",
    python: "examples/python/__main__.py",
    go: "examples/go/main.go",
    java: "examples/java/src/main/java/example/App.java",
  };
  for (const [language, file] of Object.entries(EXAMPLES)) {
    it(`docs/_index.md quotes ${file} to the letter`, () => {
      assert.deepEqual(blocks(readText("docs/_index.md"), language), [readText(file)]);
    });
  }

  it("docs/_index.md quotes examples/yaml/Pulumi.yaml, without the path of the plugin in a clone", () => {
    const [quoted = ""] = blocks(readText("docs/_index.md"), "yaml");
    const { plugins, ...program } = parse(readText("examples/yaml/Pulumi.yaml")) as Record<string, unknown>;
    assert.ok(plugins);
    assert.deepEqual(parse(quoted), program);
  });

  it("docs/installation-configuration.md names every package, archive and the tag of this version", () => {
    const page = readText("docs/installation-configuration.md");
    const { name, version } = JSON.parse(readText("package.json")) as { name: string; version: string };
    const targets = TARGETS.map(({ os, arch }) => `\`${os}-${arch}\``);
    const address = REPOSITORY.replace("https://", "");
    const expected = [
      ...[
        name,
        LANGUAGE.nodejs.packageName,
        LANGUAGE.python.packageName,
        GO_MODULE,
        "com.pulumi:kserve-llm",
        ...targets,
      ],
      ...[`pulumi package add ${address}@v${version}`, ...TARGETS.slice(0, 1).map((one) => archiveName(version, one))],
    ];
    assert.deepEqual(
      expected.filter((text) => !page.includes(text)),
      [],
    );
  });
});
