import assert from "node:assert/strict";
import { fixed, HEAD } from "./fixed.ts";

const WRONG = `# The first comment.
${HEAD}spec:
  model: {uri: "hf://facebook/opt-125m", name: 'opt'}

  # Why it listens there.
  template:
    containers:
    - name: main
      args: ["--port=9000"] # not the default
      livenessProbe:
        httpGet: {path: /health, port: 9000}
      readinessProbe:
        httpGet: {path: /health, port: 9000}
      startupProbe:
        httpGet: {path: /health, port: 9000}
`;

/** Lists with two indentations, and a request without the limit that it requires. */
const MIXED = `${HEAD}spec:
  model:
    uri: hf://facebook/opt-125m
  template:
    imagePullSecrets:
    - name: pull
    containers:
      - name: main
        resources:
          requests:
            nvidia.com/gpu: "1"
        livenessProbe:
          httpGet:
            path: /health
            port: 8000
            scheme: HTTPS
          periodSeconds: 30
`;

describe("kserve-llm validate --fix", () => {
  it("keeps the indentation of lists that are indented in two ways, and writes the limit that a request needs", async () => {
    const { after, code } = await fixed(MIXED);
    const right = MIXED.replace("scheme: HTTPS", "scheme: HTTP").replace(
      /( *)requests:\n.*\n/,
      '$&$1limits:\n$1  nvidia.com/gpu: "1"\n',
    );
    assert.deepEqual([after, code], [right, 0]);
  });

  it("changes what an error's fix names, and keeps comments, quotes and layout", async () => {
    const { after, out, err, code } = await fixed(WRONG);
    assert.equal(after, WRONG.replaceAll("9000", "8000"));
    assert.deepEqual([code, err], [0, ""]);
    const at = "spec.template.containers[name=main]";
    assert.equal(
      out,
      [
        `chat.yaml: set ${at}.args[--port] to 8000`,
        ...["startupProbe", "readinessProbe", "livenessProbe"].map(
          (probe) => `chat.yaml: set ${at}.${probe}.httpGet.port to 8000`,
        ),
        "chat.yaml: LLMInferenceService chat: valid\n",
      ].join("\n"),
    );
  });

  it("keeps the lines of quoted texts and flow collections that it does not change", async () => {
    const quoted = `  annotations: {a: "one
      two", b: c}
  router:
    route: {}
    scheduler:
      template:
        containers:
          - name: main
            args:
              - --config-text
              - "{apiVersion: inference.networking.x-k8s.io/v1alpha1, kind: EndpointPickerConfig,
                plugins: [{type: queue-scorer}],
                schedulingProfiles: [{name: default, plugins: [{pluginRef: queue-scorer}]}]}"
              - --tracing
              - --grpc-prt=9003
`;
    const { after, code } = await fixed(`${WRONG}${quoted}`);
    const right = `${WRONG.replaceAll("9000", "8000")}${quoted.replace("--grpc-prt=9003", "--grpc-port=9003")}`;
    assert.deepEqual([after, code], [right, 0]);
  });

  it("writes the right name of a flag where the wrong one is, with its comments", async () => {
    const flags = `${HEAD}spec:
  model: {uri: "hf://facebook/opt-125m"}
  template:
    containers:
      - name: main
        args:
          # the longest request
          - --max-model-length=2048 # tokens
          - -tp 1 # a rank
          - --max-num-batch-tokens
          - "4096" # a step
          # memory
          - --gpu-memory-utilization=0.5
`;
    const { after, out, code } = await fixed(flags);
    const right = flags
      .replace("length=", "len=")
      .replace("-tp 1", "--tensor-parallel-size=1")
      .replace("batch-", "batched-");
    assert.deepEqual([after, code], [right, 0]);
    const args = "chat.yaml: set spec.template.containers[name=main].args";
    assert.deepEqual(out.split("\n").slice(0, 3), [
      `${args}[--max-model-len] to 2048 in place of --max-model-length=2048`,
      `${args}[--tensor-parallel-size] to 1 in place of -tp 1`,
      `${args}[--max-num-batched-tokens] to 4096 in place of --max-num-batch-tokens 4096`,
    ]);
  });

  it("puts switches and fractions in quotes as they are written, but no word that is a text to YAML 1.2", async () => {
    const env = (first: string, second: string, third: string): string => `${HEAD}spec:
  model: {uri: "hf://facebook/opt-125m"}
  template:
    containers:
      - name: main
        env:
          - {name: A, value: ${first}} # a switch
          - {name: B, value: ${second}}
          - {name: C, value: ${third}}
`;
    const { after, out, code } = await fixed(env("false", "1.10", "yes"));
    assert.deepEqual([after, code], [env('"false"', '"1.10"', "yes"), 1]);
    assert.match(out, /env\[0\]\.value to "false", which was false\n/);
  });

  it("writes the labels and annotations of a service as texts", async () => {
    const { after, code } = await fixed(`${HEAD.replace("}", ", labels: [team=a], annotations: {owner: 42}}")}spec:
  model: {uri: "hf://facebook/opt-125m"}
`);
    assert.match(after, /labels: \{team: a\}, annotations: \{owner: "42"\}\}/);
    assert.equal(code, 0);
  });

  it("changes the document that is wrong among several of a file", async () => {
    const right = `${HEAD.replace("chat", "other")}spec: {model: {uri: "hf://facebook/opt-125m"}}\n`;
    const { after, code } = await fixed(`${right}---\n${WRONG}---\n${right.replace("other", "third")}`);
    assert.equal(after, `${right}---\n${WRONG.replaceAll("9000", "8000")}---\n${right.replace("other", "third")}`);
    assert.equal(code, 0);
  });

  it("changes an item of a list of objects", async () => {
    const item = WRONG.replace("# The first comment.\n", "")
      .split("\n")
      .map((line) => (line === "" ? line : `  ${line}`))
      .join("\n");
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n-${item.slice(1)}`;
    const { after, code } = await fixed(list);
    assert.equal(after, list.replaceAll("9000", "8000"));
    assert.equal(code, 0);
  });

  it("keeps Windows line endings", async () => {
    const text = WRONG.replaceAll("\n", "\r\n");
    const { after, code } = await fixed(text);
    assert.equal(after, text.replaceAll("9000", "8000"));
    assert.equal(code, 0);
  });

  it("keeps a byte order mark", async () => {
    const { after, code } = await fixed(`\ufeff${WRONG}`);
    assert.equal(after, `\ufeff${WRONG.replaceAll("9000", "8000")}`);
    assert.equal(code, 0);
  });

  it("does not change another document of the file, even if the YAML library would write it in another way", async () => {
    const text = `huge: 1e999\nlist: [a,\n  b]\n---\n${WRONG}`;
    const { after, code } = await fixed(text);
    assert.deepEqual([after, code], [text.replaceAll("9000", "8000"), 0]);
  });

  it("renames a misspelt field in its place, with its comments, its style and the blank lines around it", async () => {
    const text = `${HEAD}

spec:
  # Why two of them.
  repicas:   2   # not three


  model:
    # The weights.
    urii:  'hf://facebook/opt-125m' # ours
    name: "opt"
  labls: {a: b,
    c: d}
`;
    const { after, code } = await fixed(text);
    const right = text.replace("repicas", "replicas").replace("urii", "uri").replace("labls", "labels");
    assert.deepEqual([after, code], [right, 0]);
  });

  it("writes the comments of a field that moves into its object once", async () => {
    const text = (field: string): string =>
      `${HEAD}spec:\n  model: {uri: "hf://facebook/opt-125m"}\n  # why this one\n${field}  replicas: 2\n`;
    const { after, code } = await fixed(text("  image: vllm/vllm-openai:v0.23.0 # pinned\n"));
    const right = `  template:
    containers:
      - name: main
        image: vllm/vllm-openai:v0.23.0 # pinned
`;
    assert.deepEqual([after, code], [text(right), 0]);
  });

  it("moves a field with the comments above it and in it, and keeps two blank lines in a row", async () => {
    const tuning = `# Why it is short.
tuning:
  # Half of it.
  maxModelLen: 1024 # tokens
  dtype: 'auto'
`;
    const spec = "spec:\n  model:\n    uri: hf://facebook/opt-125m\n\n\n  replicas: 2\n";
    const { after, code } = await fixed(`${HEAD}${tuning}${spec}`);
    assert.deepEqual([after, code], [`${HEAD}${spec}${tuning.replaceAll(/^/gm, "  ").trimEnd()}\n`, 0]);
  });

  it("writes the fields of a level too many in lines, as they were written", async () => {
    const text = (above: string, fields: string): string =>
      `${HEAD}spec:\n  model: {uri: "hf://facebook/opt-125m"}\n  template:\n${above}${fields}`;
    const fields = "containers:\n  - name: main\n    args: ['--seed=1'] # fixed\n";
    const indented = (by: string): string => fields.replaceAll(/^(?=.)/gm, by);
    const { after, code } = await fixed(text("    spec:\n", indented("      ")));
    assert.deepEqual([after, code], [text("", indented("    ")), 0]);
  });

  it("keeps the comments of what it removes", async () => {
    const text = `${HEAD}spec:
  model: {uri: "hf://facebook/opt-125m"}
  template:
    containers:
      - name: main
        args:
          # The reason for the flag.
          - --disable-log-requests # quiet


          - --seed=1
`;
    const { after, code } = await fixed(text);
    assert.deepEqual([after, code], [text.replace("- --disable-log-requests # quiet", "# quiet"), 0]);
  });

  it("does not overwrite a field with a misspelt one, and does not remove a number that each replica group needs", async () => {
    const text = `${HEAD}spec:
  model: {uri: "hf://facebook/opt-125m"}
  Model: {uri: "hf://other/model"}
  replicas: 2
  groups: {a: {accelerator: nvidia-l4}}
`;
    const { after, code, err } = await fixed(text);
    assert.equal(after, text);
    assert.equal(code, 1);
    assert.match(err, /error UnknownField spec\.Model/);
    assert.match(err, /error Conflict spec\.replicas/);
  });

  it("prints the place in the file, and the values that it removes", async () => {
    const text = `${HEAD}spec:
  model: {uri: "hf://Qwen/Qwen2.5-7B-Instruct"}
  accelerator: nvidia-h100-80gb
  tuning: {maxModelLen: 999999}
  template: {containers: [{name: main, args: [--disable-log-requests, --lora-extra-vocab-size, "256"]}]}
  env: [{name: HF_TOKEN, value: hf_abcdefghij}]
`;
    const { out } = await fixed(text);
    const at = "spec.template.containers[name=main]";
    assert.deepEqual(out.trimEnd().split("\n"), [
      'chat.yaml: removed spec.env, which was [{"name":"HF_TOKEN","value":"[secret]"}]',
      `chat.yaml: set ${at}.env to [{"name":"HF_TOKEN","value":"[secret]"}]`,
      `chat.yaml: removed ${at}.args[--disable-log-requests], which was --disable-log-requests`,
      `chat.yaml: removed ${at}.args[--lora-extra-vocab-size], which was --lora-extra-vocab-size 256`,
      "chat.yaml: set spec.tuning.maxModelLen to 32768",
      "chat.yaml: LLMInferenceService chat: valid",
    ]);
  });

  it("prints both values of a change of type, and a word that it removes behind a flag", async () => {
    const text = `${HEAD}spec:
  model: {uri: "hf://facebook/opt-125m"}
  replicas: "2"
  template: {containers: [{name: main, env: [{name: SEED, value: 42}], args: [--enforce-eager, "true"]}]}
`;
    const { after, out } = await fixed(text);
    assert.match(after, /args: \[--enforce-eager\]/);
    assert.deepEqual(out.trimEnd().split("\n").sort(), [
      "chat.yaml: LLMInferenceService chat: valid",
      "chat.yaml: removed spec.template.containers[0].args[1], which was true",
      'chat.yaml: set spec.replicas to 2, which was "2"',
      'chat.yaml: set spec.template.containers[0].env[0].value to "42", which was 42',
    ]);
  });

  it("prints no credential, whatever is wrong with its place", async () => {
    const text = `${HEAD}spec:
  model: {uri: "hf://facebook/opt-125m"}
  template:
    containers:
      - name: main
        env: [{name: DB_PASSWORD, value: 12345678}, {name: API_TOKEN, vale: hunter2hunter2}]
        args: ["--api-key hunter3hunter3"]
`;
    const { out } = await fixed(text);
    assert.match(out, /put .*\.env\[0\]\.value in quotes/);
    assert.doesNotMatch(out, /12345678|hunter/);
  });

  it("writes nothing if no error has a fix, and does not fix warnings", async () => {
    const text = `${HEAD}spec: {model: {uri: "hf://facebook/opt-125m"}, router: {route: {}, ingress: {}}}\n`;
    const { after, out, err, code } = await fixed(text);
    assert.equal(after, text);
    assert.equal(code, 0);
    assert.equal(out, "chat.yaml: LLMInferenceService chat: valid\n");
    assert.match(err, /^chat\.yaml: warning UnusedField spec\.router\.ingress/);
  });

  it("writes a fix next to texts that only look like numbers", async () => {
    const text = `apiVersion: serving.kserve.io/v1alpha2
kind: LLMInferenceService
metadata: {name: e5, annotations: {size: e1, dot: ., E3: x}} # kept
spec:
  model: {uri: "hf://facebook/opt-125m"}
  repicas: 2
`;
    const { after, code } = await fixed(text);
    assert.equal(after, text.replace("repicas", "replicas"));
    assert.equal(code, 0);
  });

  it("writes JSON as JSON, and changes only the value", async () => {
    const service = (scheme: string) => ({
      apiVersion: "serving.kserve.io/v1alpha2",
      kind: "LLMInferenceService",
      metadata: { name: "chat" },
      spec: {
        model: { uri: "hf://facebook/opt-125m" },
        template: {
          containers: [{ name: "main", livenessProbe: { httpGet: { path: "/health", port: 8000, scheme } } }],
        },
      },
    });
    for (const indent of [undefined, 2, "\t"]) {
      const { after, code } = await fixed(JSON.stringify(service("HTTPS"), null, indent), "chat.json");
      assert.deepEqual([after, code], [JSON.stringify(service("HTTP"), null, indent), 0]);
    }
  });
});
