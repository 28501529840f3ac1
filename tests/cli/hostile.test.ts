import assert from "node:assert/strict";
import { hasInvisible, shortened, visible } from "../../cli/text/text.ts";
import { call, type Files, service } from "./cli.ts";

/** Characters that rewrite a terminal, end a line, or reverse text. */
const HOSTILE = "\u001b]0;pwned\u0007\u001b[2J\r\nchat.yaml: valid\u009b31m\u007f\u2028\u202egnp\u200b\u{e0041}";
const LONG = "x".repeat(5_000);

const main = (container: object) => ({ template: { containers: [{ name: "main", ...container }] } });
const files: Files = {
  "env.yaml": service({ accelerator: "nvidia-l4", ...main({ env: [{ name: "A", value: HOSTILE }] }) }),
  "args.yaml": service({ accelerator: "nvidia-l4", ...main({ args: [`--chat-template=${HOSTILE}`] }) }),
  "field.yaml": service({ [HOSTILE]: 1, template: { [HOSTILE]: HOSTILE } }),
  "metadata.yaml": service({}, { labels: { [HOSTILE]: HOSTILE }, annotations: { [HOSTILE]: HOSTILE } }),
  "name.yaml": service({ model: { uri: `hf://${HOSTILE}`, name: HOSTILE } }, { name: HOSTILE, namespace: HOSTILE }),
  "plain.yaml": service({ accelerator: "nvidia-l4", ...main({ env: [{ name: "A", value: "b" }] }) }),
  "known.yaml": [
    { apiVersion: "v1", kind: HOSTILE, metadata: { name: HOSTILE } },
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: HOSTILE }, spec: { replicas: HOSTILE } },
  ],
  "list.yaml": [{ kind: HOSTILE, spec: HOSTILE }],
  "settings.yaml": { ingress: HOSTILE, [HOSTILE]: HOSTILE },
  "broken.yaml": `a: *${HOSTILE}\n`,
  "prices.yaml": { [HOSTILE]: HOSTILE },
  "expected.yaml": { [HOSTILE]: HOSTILE },
};
const SERVICES = ["env.yaml", "args.yaml", "field.yaml", "metadata.yaml", "name.yaml", "known.yaml", "list.yaml"];
const PLANNING: readonly string[][] = [
  ["render"],
  ["render", "-o", "json"],
  ["merge"],
  ["merge", "-o", "json"],
  ["validate"],
  ["explain"],
  ["explain", "-o", "json"],
  ["explain", "--why-not", `template.${HOSTILE}`],
  ["explain", HOSTILE],
  ["fit"],
  ["fit", "-o", "json"],
  ["graph"],
  ["graph", "-o", "json"],
  ["graph", "--html", "report.html"],
  ["import", "-n", HOSTILE],
  ["import"],
];
const COMMANDS: readonly string[][] = [
  ...PLANNING.flatMap((command) => SERVICES.map((file) => [...command, "-f", file])),
  ...SERVICES.flatMap((file) => [
    ["diff", file, "plain.yaml"],
    ["diff", "plain.yaml", file, "-o", "json"],
    ["promote", "check", "--from", file, "--to", "plain.yaml"],
    ["promote", "check", "--from", "plain.yaml", "--to", file, "-o", "json"],
  ]),
  ...["broken.yaml", HOSTILE].map((file) => ["render", "-f", file]),
  ["validate", "-f", "plain.yaml", "--settings", "settings.yaml"],
  ["validate", "-f", "plain.yaml", "--platform", "prices.yaml"],
  ["validate", "-f", "plain.yaml", "--check", `${HOSTILE}=off`],
  ["validate", "-f", "plain.yaml", "--engine-version", HOSTILE],
  ["validate", "-f", "plain.yaml", "--compat", HOSTILE],
  ["validate", "-f", "plain.yaml", `--${HOSTILE}`],
  ["preflight", "-f", "plain.yaml", "--kubeconfig", HOSTILE],
  ["diff", "plain.yaml", "env.yaml", "--prices", "prices.yaml"],
  ["promote", "check", "--from", "plain.yaml", "--to", "env.yaml", "--expected", "expected.yaml"],
  ["fit", "--model", HOSTILE, "--accelerator", HOSTILE],
  ["conformance", HOSTILE],
  [HOSTILE],
];

/** The colours of tables and verdicts. */
const COLOURS = [0, 1, 2, 31, 32, 33, 36].map((code) => `\u001b[${code}m`);

describe("text from documents in the output of the command line", () => {
  it("contains no control characters, whatever the command and its input", async () => {
    for (const args of COMMANDS) {
      const { out, err } = await call(args, files, { colour: true });
      const own = COLOURS.reduce((rest, code) => rest.replaceAll(code, ""), out + err);
      assert.ok(!hasInvisible(own.replaceAll("\n", "")), `${visible(args.join(" "))}\n${visible(own)}`);
      assert.doesNotMatch(own, /^chat\.yaml: valid/m, visible(args.join(" ")));
    }
  });

  it("is shortened in the middle in an issue when it is long", async () => {
    const spec = main({ env: [{ name: "A", value: { [LONG]: LONG } }] });
    const { code, err } = await call(["validate", "-f", "long.yaml"], { "long.yaml": service(spec) });
    assert.equal(code, 1);
    for (const line of err.trimEnd().split("\n")) assert.ok(line.length < 2_000, `${line.length} characters`);
    assert.equal(shortened("abcdefghij", 4), "abc… (6 characters) …j");
  });

  it("is shown with readable escapes", () => {
    assert.equal(
      visible("\u001b[1m\r\n\t\u009b\u202e\u{e0041}é\ud83d\ude00"),
      "\\x1b[1m\\r\\n\\t\\x9b\\u202e\\u{e0041}é\ud83d\ude00",
    );
  });
});
