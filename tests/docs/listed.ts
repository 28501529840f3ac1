import { globSync } from "node:fs";
import { join } from "node:path";
import { ROOT, readText } from "../repository.ts";

const PAGES = ["docs/getting-started.md", "docs/observability.md", ...globSync("docs/recipes/*.md", { cwd: ROOT })];

/** The code blocks of a page in a language. */
export function blocksOf(page: string, language: string): string[] {
  const fenced = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm");
  return [...readText(page).matchAll(fenced)].map(([, code = ""]) => code);
}

/** The TypeScript programs in the docs; a file is where the compiler finds a program, although it does not exist. */
export const PROGRAMS = PAGES.flatMap((page) =>
  blocksOf(page, "ts").map((code, index) => ({
    title: `program ${index + 1} of ${page}`,
    file: join(ROOT, "tests/docs", `${page.replaceAll("/", "-")}-${index}.ts`),
    code,
  })),
);
