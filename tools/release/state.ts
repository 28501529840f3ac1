import { run } from "../toolchain/processes/run.ts";

/** The conditions for releasing a version: returns a text for each one that is not met. */
export async function problemsOfRelease(root: string, version: string, notes: string | undefined): Promise<string[]> {
  const git = async (...args: string[]): Promise<string> => (await run("git", args, { cwd: root })).trim();
  const tags = (await git("tag", "--points-at", "HEAD")).split("\n");
  const changed = await git("status", "--porcelain");
  return [
    ...(tags.includes(`v${version}`) ? [] : [`HEAD does not have the tag v${version} of the version in package.json`]),
    ...(changed === "" ? [] : [`files are changed and not committed:\n${changed}`]),
    ...(notes === undefined ? [`CHANGELOG.md has no section ${version}`] : []),
  ];
}
