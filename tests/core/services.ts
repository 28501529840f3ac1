import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { objectOf } from "../../core/kubernetes/json.ts";

const ROOT = join(import.meta.dirname, "../..");
const GOLDENS = join(ROOT, "tests/core/stages/materialize/goldens");

export interface NamedService {
  name: string;
  service: object;
  /** Configs that its `baseRefs` may name in addition to the presets. */
  configs: object[];
}

/** The services of the goldens. */
export function goldenServices(): NamedService[] {
  return readdirSync(GOLDENS).map((file) => {
    const [given = ""] = readFileSync(join(GOLDENS, file), "utf8").split("---\n", 1);
    const [document] = parseAllDocuments(given);
    return { name: file.replace(/\.yaml$/, ""), service: objectOf(document?.toJS()), configs: [] };
  });
}

/** The services of the examples' files, each with the configs that its folder has. */
export function fileServices(): NamedService[] {
  return globSync("examples/**/*.yaml", { cwd: ROOT, exclude: ["**/rendered/**", "**/node_modules/**"] }).flatMap(
    (name) => {
      const beside = globSync(join(dirname(name), "*.yaml"), { cwd: ROOT }).flatMap(documentsOf);
      const configs = beside.filter(({ kind }) => kind === "LLMInferenceServiceConfig");
      const own = documentsOf(name).filter(({ kind }) => kind === "LLMInferenceService");
      return own.map((service, i) => ({ name: i > 0 ? `${name}, service ${i + 1}` : name, service, configs }));
    },
  );
}

function documentsOf(name: string): ReturnType<typeof objectOf>[] {
  return parseAllDocuments(readFileSync(join(ROOT, name), "utf8")).map((document) => objectOf(document.toJS()));
}
