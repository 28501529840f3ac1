import * as pulumi from "@pulumi/pulumi";
import { prepareConfig } from "../../components/config.ts";
import { restore } from "../../components/inputs/restore.ts";
import { preparePlatform } from "../../components/platform.ts";
import { prepareService } from "../../components/service.ts";
import { isFine } from "../../core/contract/issues/issue.ts";
import { invoke } from "../../provider/invoke.ts";
import { deepFreeze } from "./freeze.ts";
import { judgeIssues, Violation } from "./invariants.ts";
import { asDocument, mutated, placesIn, set } from "./mutate.ts";
import type { Odd } from "./oddvalues.ts";
import type { Kind } from "./planned.ts";
import type { Random } from "./random.ts";
import { OBSERVED } from "./samples.ts";
import { configOf, serviceOf } from "./services.ts";

/**
 * The arguments of a program of any language: values that are secret, not known yet, or of a kind that JSON does not
 * have.
 */
export const CALL_KINDS: readonly Kind[] = [
  { name: "function", share: 5, make: callOf, run: callFunction },
  { name: "component", share: 5, make: argumentsOf, run: prepare },
];

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Part of every secret, so that a disclosed secret is recognised. */
const CANARY = "c4n4ry";

/** How a value can be wrapped; `as` of a mark. A mark is JSON, so that inputs can be copied and made smaller. */
const WRAPS = ["secret", "unknown", "output", "promise", "asset", "secret promise"] as const;
interface Mark {
  $as: (typeof WRAPS)[number];
  value: unknown;
}

function isMark(value: unknown): value is Mark {
  return typeof value === "object" && value !== null && "$as" in value;
}

function specOfService(random: Random, odd: Odd): Record<string, unknown> {
  const { metadata, spec } = serviceOf(random, odd, random.below(3)) as Record<string, unknown>;
  const fields = typeof spec === "object" && spec !== null && !Array.isArray(spec) ? spec : {};
  return { ...fields, metadata };
}

/** The arguments with some parts wrapped, leaves or whole containers; every secret has the canary in a text of it. */
function wrapped(args: unknown, random: Random): unknown {
  const root = { args: structuredClone(args) };
  for (let count = 1 + random.below(2); count > 0; count--) {
    const places = placesIn(root.args).filter(({ key }) => key !== "$as");
    if (places.length === 0) break;
    const [one, other] = [random.pick(places), random.pick(places)];
    const place = random.chance(0.5) ? one : one.depth > other.depth ? one : other;
    const $as = random.pick(WRAPS);
    const value = (place.holder as Record<string | number, unknown>)[place.key];
    // Pulumi cannot make an Output of a value that contains itself.
    const own = asDocument(value);
    set(place, { $as, value: $as.startsWith("secret") ? withCanary(own, random) : own } satisfies Mark);
  }
  return root.args;
}

/** Texts in which people hide a secret, and which their readers split. */
const HOLDERS: readonly ((text: string) => string)[] = [
  (text) => `${text}${CANARY}`,
  (text) => `${text}-${CANARY}`,
  (text) => `${CANARY}${text}`,
  () => `{"token": "${CANARY}", "nested": {"list": ["${CANARY}"]}}`,
  () => `{"${CANARY}": 1}`,
  () => `#!/bin/sh\nexport TOKEN=${CANARY}\nexec vllm serve --api-key "$TOKEN" --port 9000\n`,
  () => `https://user:${CANARY}@models.example/m`,
  () => `hf://${CANARY}/model:main`,
  () => `--api-key=${CANARY}`,
  () => `--max-model-len=${CANARY} --kv-transfer-config {"kv_connector":"${CANARY}"}`,
  () => `plugins:\n- type: ${CANARY}\n`,
  () => `{{ .Spec.${CANARY} }}`,
  () => `$(${CANARY})`,
];

/** The value with the canary in one of its texts, or unchanged if it has none. */
function withCanary(value: unknown, random: Random): unknown {
  if (typeof value === "string") return random.pick(HOLDERS)(value);
  const copy = structuredClone(value);
  const texts = placesIn(copy).filter(
    ({ holder, key }) => typeof (holder as Record<string | number, unknown>)[key] === "string",
  );
  if (texts.length === 0) return copy;
  const place = random.pick(texts);
  const text = String((place.holder as Record<string | number, unknown>)[place.key]);
  set(place, random.pick(HOLDERS)(text));
  return copy;
}

/**
 * Identities are shown, because nothing can be registered without them: a warning reports a secret that becomes one.
 */
const SHOWN_BY_CODE = /SecretName/;

// --- functions ---

const FUNCTIONS = ["render", "validate", "explain", "fit"];

interface Call {
  token: string;
  inputs: Record<string, unknown>;
}

/** The wire cannot carry a value that contains itself. */
function callOf(random: Random, odd: Odd): Call {
  const token = `kserve-llm:index:${random.pick(FUNCTIONS)}`;
  const args = wrapped(asDocument(specOfService(random, odd)), random);
  const beside = random.chance(0.2) ? { [odd.key(random)]: asDocument(odd.value(random)) } : {};
  const name = random.chance(0.9) ? "chat" : asDocument(odd.value(random));
  return deepFreeze({ token, inputs: { name, args, ...beside } });
}

/** A mark as it is on the wire. An unknown value does not reach a function: the engine calls it later. */
function onWire(value: unknown): unknown {
  return converted(value, ({ $as, value: inner }) => {
    if ($as.startsWith("secret")) return { [SIGNATURE]: SECRET, value: onWire(inner) };
    if ($as === "unknown") return UNKNOWN;
    if ($as === "asset") return { [SIGNATURE]: ASSET, text: "asset" };
    return onWire(inner);
  });
}

/** A tree with its marks replaced. A value that contains itself stays as it is. */
function converted(value: unknown, convert: (mark: Mark) => unknown, holders: readonly object[] = []): unknown {
  if (typeof value !== "object" || value === null || holders.includes(value)) return value;
  if (isMark(value)) return convert(value);
  const inside = [...holders, value];
  if (Array.isArray(value)) return value.map((item) => converted(item, convert, inside));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, converted(item, convert, inside)]));
}

async function callFunction({ token, inputs }: Call): Promise<void> {
  const { outputs, failures = [] } = await invoke(token, onWire(inputs) as Record<string, unknown>);
  for (const { property, reason } of failures)
    if (typeof property !== "string" || typeof reason !== "string" || reason === "")
      throw new Violation("a failure of a function has no property or no reason", JSON.stringify({ property, reason }));
  judgeHidden([withoutSealed(outputs), failures], `${token.split(":")[2]}`);
}

function withoutSealed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutSealed);
  if ((value as Record<string, unknown>)[SIGNATURE] === SECRET) return "[sealed]";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSealed(item)]));
}

// --- components ---

interface Prepared {
  component: "service" | "config" | "platform";
  args: unknown;
}

function argumentsOf(random: Random, odd: Odd): Prepared {
  const component = random.pick(["service", "service", "config", "platform"] as const);
  if (component === "platform")
    return deepFreeze({ component, args: wrapped(mutated(OBSERVED, random, odd, random.below(3)), random) });
  if (component === "service") return deepFreeze({ component, args: wrapped(specOfService(random, odd), random) });
  const { metadata, spec } = configOf(random, odd, random.below(3)) as Record<string, unknown>;
  const fields = typeof spec === "object" && spec !== null && !Array.isArray(spec) ? spec : {};
  return deepFreeze({ component, args: wrapped({ ...fields, metadata }, random) });
}

/** A mark as a program has it. */
function inProgram(value: unknown): unknown {
  return converted(value, ({ $as, value: inner }) => {
    const own = inProgram(inner);
    if ($as === "secret") return pulumi.secret(own);
    if ($as === "secret promise") return Promise.resolve(pulumi.secret(Promise.resolve(own)));
    if ($as === "unknown") return unknownOutput();
    if ($as === "asset") return new pulumi.asset.StringAsset("asset");
    return $as === "promise" ? Promise.resolve(own) : pulumi.output(own);
  });
}

function unknownOutput(): pulumi.Output<unknown> {
  const Output = pulumi.Output as unknown as new (
    resources: Set<never>,
    value: Promise<unknown>,
    isKnown: Promise<boolean>,
    isSecret: Promise<boolean>,
    all: Promise<Set<never>>,
  ) => pulumi.Output<unknown>;
  const [no, none] = [Promise.resolve(false), new Set<never>()];
  return new Output(none, Promise.resolve(pulumi.unknown), no, no, Promise.resolve(none));
}

const PREPARE = { service: prepareService, config: prepareConfig, platform: preparePlatform };

async function prepare({ component, args }: Prepared): Promise<void> {
  // The compiler, and the engine, ensure that there are arguments.
  if (typeof args !== "object" || args === null) return;
  const { deferred, result, issues } = await PREPARE[component]("chat", inProgram(args) as never);
  judgeIssues(issues);
  if (!isFine(issues)) return judgeHidden(issues, `${component}'s issues`);
  const { objects, values } = restore(result as never, deferred);
  const named = issues.some(({ code }) => SHOWN_BY_CODE.test(code));
  if (!named) judgeHidden([issues, await shown(objects.map(({ inputs }) => inputs)), await shown(values)], component);
}

/** The parts that are public: secret Outputs are sealed. */
async function shown(value: unknown): Promise<unknown> {
  if (value instanceof Promise) return shown(await value);
  if (pulumi.Output.isInstance(value)) {
    const output = value as unknown as { promise(withUnknowns: boolean): Promise<unknown> };
    return (await pulumi.isSecret(value)) ? "[sealed]" : shown(await output.promise(true));
  }
  if (Array.isArray(value)) return Promise.all(value.map(shown));
  if (typeof value !== "object" || value === null || pulumi.isUnknown(value)) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await shown(item)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function judgeHidden(value: unknown, where: string): void {
  const text = JSON.stringify(value) ?? "";
  const at = text.indexOf(CANARY);
  if (at >= 0) throw new Violation(`a secret is visible in ${where}`, text.slice(Math.max(0, at - 200), at + 100));
}
