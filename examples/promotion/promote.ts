import { resolve } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import {
  checkPromotion,
  formatIssue,
  isFine,
  NOTHING_EXPECTED,
  type Promotion,
  plan,
  planInput,
  type Releases,
} from "../../components/index.ts";
import { chat, EXPECTED } from "./service/chat.ts";

// node examples/promotion/promote.ts FROM TO: moves the pin of stack FROM to stack TO, when the check is fine.

type Config = Readonly<Record<string, string>>;
/** Reads the releases of the platform's stack that a service's stack refers to. */
export type ReleasesOf = (platform: string) => Promise<Releases>;

/** Checks what one stack tested against what the other would run with the same pin; moves the pin only when that is fine. */
export async function promote(from: Stack, to: Stack, releasesOf: ReleasesOf): Promise<Promotion> {
  const [tested, now] = [await configOf(from), await configOf(to)];
  const { release = "", digest = "" } = tested;
  const sides = [
    await inputIn(tested, releasesOf),
    await inputIn({ ...now, release, digest }, releasesOf),
    await inputIn(now, releasesOf),
  ] as const;
  const found = sides.slice(0, 2).flatMap(({ issues }, at) => {
    const side = at === 0 ? ("from" as const) : ("to" as const);
    return issues.map((issue) => ({ side, issue }));
  });
  if (!isFine(found.map(({ issue }) => issue))) return { verdict: "refused", objects: [], fields: [], issues: found };
  const [{ input: before }, { input: after }, { input: running }] = sides;
  const expected = { ...NOTHING_EXPECTED, service: EXPECTED };
  const promotion = checkPromotion({ from: before, to: after, expected, now: plan(running).objects });
  if (promotion.verdict === "fine") await to.setAllConfig({ release: { value: release }, digest: { value: digest } });
  return { ...promotion, issues: [...found, ...promotion.issues] };
}

async function inputIn(config: Config, releasesOf: ReleasesOf) {
  const platform = await releasesOf(config["platform"] ?? "");
  return planInput("chat", { ...chat((key) => config[key]), platform });
}

/** A stack's configuration, without the project's name before each key. */
async function configOf(stack: Stack): Promise<Config> {
  const values = Object.entries(await stack.getAllConfig());
  return Object.fromEntries(values.map(([key, { value }]) => [key.split(":").at(-1) ?? key, value]));
}

async function main(from: string, to: string): Promise<void> {
  const stackIn = (folder: string, stackName: string): Promise<Stack> =>
    LocalWorkspace.selectStack({ stackName, workDir: resolve(import.meta.dirname, folder) });
  const releasesOf: ReleasesOf = async (platform) => {
    const outputs = await (await stackIn("platform", platform.split("/").at(-1) ?? platform)).outputs();
    return outputs["releases"]?.value as Releases;
  };
  const { verdict, objects, impact, issues } = await promote(
    await stackIn("service", from),
    await stackIn("service", to),
    releasesOf,
  );
  for (const { side, issue } of issues) console.error(`${side}: ${formatIssue(issue)}`);
  for (const { object, fields } of objects) {
    console.error(`unexpected: ${object.kind} ${object.name}: ${fields.map(({ path }) => path).join(", ")}`);
  }
  if (impact !== undefined) {
    const { podsRestarted, gpus } = impact;
    console.log(
      `${podsRestarted} pods restart; GPUs: ${gpus.before} → ${gpus.after}, ${gpus.peak} at the rollout's peak`,
    );
  }
  console.log(
    verdict === "fine" ? `${to} now pins what ${from} tested: pulumi up --stack ${to} --cwd service` : "refused",
  );
  process.exitCode = verdict === "fine" ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) {
  const [from, to] = process.argv.slice(2);
  if (from === undefined || to === undefined) throw new Error("usage: node promote.ts FROM TO");
  await main(from, to);
}
