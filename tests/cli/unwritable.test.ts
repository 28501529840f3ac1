import assert from "node:assert/strict";
import { fixed, HEAD } from "./fixed.ts";

describe("kserve-llm validate --fix with a fix that would lose something", () => {
  it("does not change a file in which an alias would change another field too", async () => {
    const text = `${HEAD}spec:
  model: {uri: "hf://facebook/opt-125m"}
  template:
    containers:
      - name: main
        readinessProbe: &probe {httpGet: {path: /health, port: 8000, scheme: HTTPS}}
        livenessProbe: *probe
`;
    const { after, err, code } = await fixed(text);
    assert.equal(after, text);
    assert.equal(code, 1);
    assert.match(err, /^chat\.yaml: the fix of spec\.\S+\.scheme cannot be written without .* being lost: /);
    assert.match(err, /the fix of \S+\.livenessProbe\.\S+ depends on one that cannot be written/);
    assert.match(err, /error TlsMismatch/);
  });

  it("writes the fixes that it can, and names those that would lose a comment", async () => {
    const text = (route: string): string => `${HEAD}spec:
  model: {uri: "hf://facebook/opt-125m"}
  router: {route: ${route}, # the gateway of the team
    scheduler: {enabled: true # since May
    }}
`;
    const { after, err, code } = await fixed(text("{enabled: true}"));
    assert.equal(after, text("{}"));
    assert.equal(code, 1);
    assert.match(err, /^chat\.yaml: the fix of spec\.router\.scheduler\.enabled cannot be written without/);
    assert.match(err, /error UnknownField spec\.router\.scheduler\.enabled/);
  });
});
