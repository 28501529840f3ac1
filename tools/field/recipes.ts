import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { formatIssue, type Issue } from "../../core/contract/issues/issue.ts";
import { headOf, judgeFile, readText } from "./cases.ts";

/** One deployment with a published outcome, and the verdict of the plan. */
export interface Recipe {
  name: string;
  works: boolean;
  /** For a failing deployment: the code that should report it. */
  expected?: string;
  refused: boolean;
  warned: boolean;
  right: boolean;
  issues: readonly Issue[];
}

/** Judges `FOLDER/recipes/*.yaml`. A case without a truth in its head is an error of the folder. */
export function judgeRecipes(folder: string): Recipe[] {
  const recipes = join(folder, "recipes");
  return yamlFiles(recipes).map((file) => judgeRecipe(recipes, file));
}

function judgeRecipe(folder: string, file: string): Recipe {
  const head = headOf(readText(folder, file));
  const [, truth, expected] = /^(works|fails)(?: \(expected: (\w+)\))?/.exec(head.get("truth") ?? "") ?? [];
  if (truth === undefined) throw new Error(`${join(folder, file)} has no line "# truth: works" or "# truth: fails"`);
  const { refused, issues } = judgeFile(folder, file, head.get("run"));
  const works = truth === "works";
  const isReported = issues.some(({ severity, code }) => severity === "warning" && code === expected);
  return {
    name: file,
    works,
    ...(expected !== undefined && { expected }),
    refused,
    warned: issues.some(({ severity }) => severity === "warning"),
    right: works ? !refused : refused || isReported,
    issues,
  };
}

/** The confusion table, and each case with a wrong verdict. */
export function describeRecipes(recipes: readonly Recipe[]): string[] {
  const of = (works: boolean): readonly Recipe[] => recipes.filter((recipe) => recipe.works === works);
  const count = (some: readonly Recipe[], is: (recipe: Recipe) => boolean): number => some.filter(is).length;
  const row = (name: string, some: readonly Recipe[]): string => {
    const refused = count(some, (recipe) => recipe.refused);
    const warned = count(some, (recipe) => !recipe.refused && recipe.warned);
    return `${name.padEnd(8)} ${String(some.length).padStart(5)} ${String(refused).padStart(8)} ${String(warned).padStart(7)} ${String(some.length - refused - warned).padStart(6)} ${String(count(some, ({ right }) => right)).padStart(6)}`;
  };
  return [
    "truth      all  refused  warned  valid  right",
    row("works", of(true)),
    row("fails", of(false)),
    ...recipes.filter(({ right }) => !right).flatMap(describeWrong),
  ];
}

function describeWrong({ name, works, expected, issues }: Recipe): string[] {
  const what = works ? "wrongly refused" : `missed (${expected ?? "no code is expected"})`;
  const shown = issues.filter(({ severity }) => severity !== "warning" || !works);
  return [`${what}: ${name}`, ...shown.map((issue) => `    ${formatIssue(issue).slice(0, 400)}`)];
}

/** Whether no working deployment is refused, and nine of ten failing ones are reported. */
export function areGood(recipes: readonly Recipe[]): boolean {
  const failing = recipes.filter(({ works }) => !works);
  const caught = failing.filter(({ right }) => right).length;
  return recipes.every(({ works, right }) => !works || right) && caught >= 0.9 * failing.length;
}

export function yamlFiles(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".yaml"))
        .sort()
    : [];
}
