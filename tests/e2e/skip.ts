/**
 * Skips a test, and prints the reason at its title; from a hook, which has no line itself, all tests of its `describe`.
 */
export function skipWhere(context: Mocha.Context, problem: string | undefined): void {
  if (problem === undefined) return;
  const { test } = context;
  if (test !== undefined && "type" in test && test.type === "test") test.title += ` (skipped: ${problem})`;
  else process.stderr.write(`  skipped: ${problem}\n`);
  context.skip();
}
