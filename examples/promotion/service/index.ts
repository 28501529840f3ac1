import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, type Releases } from "../../../components/index.ts";
import { target } from "../target.ts";
import { chat } from "./chat.ts";

const config = new pulumi.Config();
// A file of the platform's output, where the platform's stack is gone: the digest holds its content too.
const file = config.get("releasesFile");
const releases =
  file === undefined
    ? new pulumi.StackReference(config.require("platform")).requireOutput("releases")
    : (JSON.parse(readFileSync(file, "utf8")) as Releases);
// Nothing runs with a release that was not chosen explicitly.
for (const key of ["release", "digest"]) config.require(key);

const service = new LLMInferenceService(
  "chat",
  { platform: releases, ...chat((key) => config.get(key)) },
  { providers: { kubernetes: target() } },
);

export const pin = service.pin;
export const url = service.url;
