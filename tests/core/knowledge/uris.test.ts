import assert from "node:assert/strict";
import { correctedUri, uriProblem } from "../../../core/knowledge/uris.ts";

const MODEL = "hf://Qwen/Qwen2.5-7B-Instruct";

describe("the URI that was probably meant", () => {
  for (const [written, meant] of [
    ["Qwen/Qwen2.5-7B-Instruct", MODEL],
    ["https://huggingface.co/Qwen/Qwen2.5-7B-Instruct", MODEL],
    ["https://huggingface.co/Qwen/Qwen2.5-7B-Instruct/tree/v1", `${MODEL}:v1`],
    ["hf://https://huggingface.co/Qwen/Qwen2.5-7B-Instruct", MODEL],
    ["HF://Qwen/Qwen2.5-7B-Instruct", MODEL],
    ["hf:/Qwen/Qwen2.5-7B-Instruct", MODEL],
    ["hf:///Qwen/Qwen2.5-7B-Instruct", MODEL],
    ["huggingface://Qwen/Qwen2.5-7B-Instruct", MODEL],
    [`“${MODEL}”`, MODEL],
    [` ${MODEL} `, MODEL],
    ["s3:/bucket/model", "s3://bucket/model"],
    ["GCS://bucket/model", "gs://bucket/model"],
    [MODEL, undefined],
    ["hf://Qwen/Qwen2.5 7B", undefined],
    ["s3://bucket/my model", undefined],
    ["ftp://host/model", undefined],
    ["/mnt/models", undefined],
    ["hf://", undefined],
  ] as const)
    it(`${JSON.stringify(written)} is ${meant === undefined ? "not corrected" : `corrected to ${meant}`}`, () => {
      assert.equal(correctedUri(written), meant);
    });

  it("white space inside of a URI is reported and never removed by a program", () => {
    const found = uriProblem("s3://bucket/my model/");
    assert.equal(found?.message, 'the URI "s3://bucket/my model/" contains white space');
    assert.deepEqual([found.fix, found.value], ["write a URI without white space", undefined]);
  });
});
