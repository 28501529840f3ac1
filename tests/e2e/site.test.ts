import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { BROWSER, Page } from "./browser.ts";

const ROOT = join(import.meta.dirname, "../..");
const BUILT = join(ROOT, "site/.vitepress/dist");
const PHONE = { width: 390, height: 844 };
const TYPES: Readonly<Record<string, string>> = {
  ...{ ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" },
  ...{ ".json": "application/json", ".woff2": "font/woff2" },
};

/** The internal links of a page, and the ids to which links can lead. */
interface Seen {
  title: string;
  width: number;
  links: string[];
}
const SEEN = `({
  title: document.title,
  width: document.documentElement.scrollWidth,
  links: [...document.querySelectorAll("a[href]")].map((link) => link.href),
})`;

const server = createServer(({ url = "/" }, response) => {
  const path = decodeURIComponent(new URL(url, "http://site").pathname);
  const file = join(BUILT, path.endsWith("/") ? `${path}index.html` : path);
  if (path === "/favicon.ico") response.writeHead(204).end();
  else if (!existsSync(file) || statSync(file).isDirectory()) response.writeHead(404).end();
  else response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain" }).end(readFileSync(file));
});

describe(`the docs as a site${BROWSER === undefined ? " (skipped: no Chromium or Chrome is on PATH)" : ""}`, () => {
  let page: Page;
  let address = "";
  before(async function () {
    if (BROWSER === undefined) return this.skip();
    const built = spawnSync(process.execPath, [join(ROOT, "tools/site/main.ts")], { encoding: "utf8" });
    assert.equal(built.status, 0, built.stdout + built.stderr);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    page = await Page.open(BROWSER, PHONE);
  });
  after(async () => {
    server.close();
    await page?.close();
  });

  it("opens every page at the width of a phone without an error, and no page is wider than the phone", async () => {
    const files = globSync("**/*.html", { cwd: BUILT }).filter((file) => file !== "404.html");
    assert.ok(files.length > 35, `${files.length} pages`);
    const links = new Set<string>();
    for (const file of files) {
      await page.visit(`${address}/${file}`);
      const seen = await page.evaluate<Seen>(SEEN);
      assert.ok(seen.title.length > 3, file);
      assert.deepEqual(page.errors, [], file);
      assert.ok(seen.width <= PHONE.width, `${file} is ${seen.width} wide`);
      for (const link of seen.links) links.add(link);
    }
    const broken = [...links].filter((link) => link.startsWith(address) && !leadsSomewhere(new URL(link)));
    assert.deepEqual(broken, []);
  });

  it("finds a word in its search, without another server", async () => {
    await page.visit(`${address}/index.html`);
    const index = globSync("assets/chunks/*localSearchIndex*.js", { cwd: BUILT });
    assert.ok(index.length > 0);
    assert.ok(index.some((file) => readFileSync(join(BUILT, file), "utf8").includes("llmqueuegrowing")));
    assert.ok(await page.evaluate<boolean>(`document.querySelector("#local-search") !== null`));
  });
});

function leadsSomewhere({ pathname, hash }: URL): boolean {
  const file = join(BUILT, pathname.endsWith("/") ? `${pathname}index.html` : decodeURIComponent(pathname));
  if (!existsSync(file)) return false;
  return hash === "" || readFileSync(file, "utf8").includes(`id="${decodeURIComponent(hash.slice(1))}"`);
}
