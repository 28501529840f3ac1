import { areWithin, describeMeasured, judgeMeasured } from "./measured.ts";
import { areGood, describeRecipes, judgeRecipes } from "./recipes.ts";
import { describeReports } from "./reports.ts";

const USAGE = `usage: npm run field -- FOLDER

Compares the plan's verdicts with published outcomes:
  FOLDER/recipes/*.yaml   a service with "# truth: works" must be valid; one with "# truth: fails (expected: CODE)" must get an error, or a warning with CODE
  FOLDER/reports/*.yaml   prints the verdict and the issues next to "# expect: …"
  FOLDER/measured.yaml    compares the estimates with the memory that vLLM logged
Exits with 0 if no working recipe is refused, 90 % of the failing ones are found, and the estimates are within their bounds.
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
