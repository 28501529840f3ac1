/** A problem that the user can correct; the message contains the fix. */
export class QuickstartError extends Error {}

/** A failed run of the engine, in the end of its output: each error of the diagnostics once, with all its lines. */
export function explain(output: string): string {
  const [, ...diagnostics] = output.split(/^Diagnostics:$/m);
  const diagnosed = [...new Set(diagnostics.flatMap(errorsIn))];
  const lines = output.split("\n").filter((line) => line.includes("error:"));
  const errors = diagnosed.length > 0 ? diagnosed : [...new Set(lines)];
  return `The quickstart did not succeed${errors.length > 0 ? `:\n${errors.join("\n")}` : ": see above."}`;
}

/** The errors of diagnostics. Each ends at a blank line, at the next diagnostic, or at the next resource. */
function errorsIn(diagnostics: string): string[] {
  const errors: string[][] = [];
  let isInError = false;
  for (const line of diagnostics.split("\n")) {
    const starts = START.test(line);
    if (starts) errors.push([]);
    isInError = starts || (isInError && !END.test(line));
    if (isInError) errors.at(-1)?.push(line.trimEnd());
  }
  return errors.map((error) => error.join("\n"));
}
const START = /^ {4}error: /;
const END = /^ {0,3}\S|^\s*$|^ {4}(?:warning|info|debug): /;
