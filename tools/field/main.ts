import { areWithin, describeMeasured, judgeMeasured } from "./measured.ts";
import { areGood, describeRecipes, judgeRecipes } from "./recipes.ts";
import { describeReports } from "./reports.ts";

const USAGE = `usage: npm run field -- FOLDER

Holds the plan's verdicts against published outcomes:
  FOLDER/recipes/*.yaml   "# truth: works" must be valid, "# truth: fails (expected: CODE)" must be refused, or warned of with CODE
  FOLDER/reports/*.yaml   the verdict and the issues are printed beside "# expect: …"
  FOLDER/measured.yaml    what vLLM logged of its memory, beside the estimates
Exits 0 where no working recipe is refused, 90 % of the failing ones are told, and the estimates are within their bounds.
`;

function main([folder]: readonly string[]): number {
  if (folder === undefined || folder.startsWith("-")) {
    process.stdout.write(USAGE);
    return folder === "--help" || folder === "-h" ? 0 : 2;
  }
  const recipes = judgeRecipes(folder);
  const measured = judgeMeasured(folder);
  const sections = [
    ["recipes", describeRecipes(recipes)],
    ["reports", describeReports(folder)],
    ["measured", describeMeasured(measured)],
  ] as const;
  for (const [title, lines] of sections)
    if (lines.length > 0) process.stdout.write(`${title}\n${lines.map((line) => `  ${line}\n`).join("")}`);
  return areGood(recipes) && areWithin(measured) ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
