import type { Random } from "./random.ts";

/**
 * Values in unexpected places, by what is odd about them. A group can be left out, so that a known kind of fault does
 * not hide the others.
 */
const LONG = "a".repeat(300);
const circular = (): unknown => {
  const value: { self?: unknown; list: unknown[] } = { list: [] };
  value.self = value;
  value.list.push(value);
  return value;
};
const nested = (levels: number): unknown => {
  let value: unknown = "x";
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { a: value } : [value];
  return value;
};

const GROUPS = {
  nulls: [null, [null], { a: null }, [null, null]],
  types: [
    true,
    false,
    0,
    1,
    "",
    "text",
    [],
    {},
    [[]],
    [{}],
    { "": "" },
    ["a", 1, {}],
    [1],
    { name: 1 },
    [{ name: "main" }],
  ],
  numbers: [
    -1,
    0.5,
    -0,
    7,
    65536,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    1e21,
    1e-9,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ],
  texts: [
    " ",
    "\n",
    "\t\r\n",
    "\u0000",
    "\u001b[2J",
    "é",
    "💥",
    "\ud800",
    LONG,
    "a".repeat(64),
    "A_B",
    "a.b",
    "-",
    "a/b",
    "../../x",
    "true",
    "~",
    "010",
    "http://[::1",
    "://",
    "%zz",
    "2026-01-01T00:00:00Z",
    "'\"`$(id)",
    "</script><script>",
    "$(POD_IP)",
  ],
  quantities: [
    "1Gi",
    "-1Gi",
    "1.5Gi",
    "1e3",
    "1e400000000",
    "1e-400000000",
    "1e99999999999",
    "16Ei",
    ".",
    "1e",
    "0.0000000001",
    "99999999999999999999",
    "+1",
    "1Xi",
  ],
  templates: [
    "{{",
    "}}",
    "{{ . }}",
    "{{ .Spec.Model.URI }}",
    "{{ .Spec }}",
    "{{ .Nope }}",
    '{{ index .Spec.Labels "x" }}',
    "{{ range 1000000000 }}x{{ end }}",
    "{{ if true }}",
    "{{ end }}",
    '{{ printf "%s" }}',
    "{{ $x }}",
    "{{/* x */}}",
    "{{ ChildName .ObjectMeta.Name `-x` }}",
  ],
  inherited: [
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "--constructor",
    "-constructor",
    "constructor://a",
  ],
  directives: [
    { $patch: "delete" },
    { $patch: "replace" },
    { $patch: "odd" },
    { $patch: 5 },
    { $retainKeys: ["a"] },
    { $retainKeys: 5 },
    { "$setElementOrder/containers": [] },
    { "$deleteFromPrimitiveList/args": [1] },
    [{ $patch: "replace" }],
    [{ name: "main", $patch: "delete" }],
    { $patch: "existing" },
  ],
  flags: [
    ["--max-model-len"],
    ["--max-model-len=1e9"],
    ["--tensor-parallel-size", "x"],
    ["--"],
    ["-"],
    ["--no-"],
    ["-O3"],
    ["--="],
    ["=", "--x=--y"],
    ["--kv-transfer-config={"],
    ["--kv-transfer-config={}"],
    ["--port=0"],
    ["--max-model-len=-1", "--max-model-len=99999999999999999999"],
    ["--block-size=0"],
    ["--api-key", "s"],
    ["--enable-lora", "--lora-modules", "a"],
  ],
  trees: [circular(), nested(30), nested(150), Array.from({ length: 300 }, () => "x")],
} as const satisfies Record<string, readonly unknown[]>;

export type OddGroup = keyof typeof GROUPS;
export const ODD_GROUPS = Object.keys(GROUPS) as OddGroup[];

/** Names of fields and keys, odd ones among them. */
const KEYS: Readonly<Partial<Record<OddGroup, readonly string[]>>> = {
  texts: ["", " ", "a b", "é", LONG, "A", "a/b/c", "/", "a.b", "x\ny", "\u001b[2J", "0"],
  inherited: ["constructor", "__proto__", "toString", "hasOwnProperty"],
  directives: ["$patch", "$retainKeys", "$setElementOrder/containers", "$deleteFromPrimitiveList/args", "$odd"],
  types: ["spec", "name", "metadata", "template", "containers", "labels"],
};

/** The odd values of a run. */
export class Odd {
  readonly #groups: readonly OddGroup[];

  constructor(without: readonly string[] = []) {
    this.#groups = ODD_GROUPS.filter((group) => !without.includes(group));
  }

  value(random: Random): unknown {
    return structuredClone(random.pick(GROUPS[random.pick(this.#groups)] as readonly unknown[]));
  }

  /** A text of one of the groups, whatever it means. */
  text(random: Random): string {
    const texts = this.#groups
      .flatMap((group): unknown[] => [...GROUPS[group]])
      .filter((one) => typeof one === "string");
    return random.pick(texts) as string;
  }

  key(random: Random): string {
    const keys = this.#groups.flatMap((group) => KEYS[group] ?? []);
    return keys.length === 0 ? "a" : random.pick(keys);
  }
}
