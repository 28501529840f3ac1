import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../../components/index.ts";
import { target } from "../target.ts";
import { chat } from "./chat.ts";

const config = new pulumi.Config();
const platform = new pulumi.StackReference(config.require("platform"));
// Nothing runs by a release that nobody chose.
for (const key of ["release", "digest"]) config.require(key);

const service = new LLMInferenceService(
  "chat",
  { platform: platform.requireOutput("releases"), ...chat((key) => config.get(key)) },
  { providers: { kubernetes: target() } },
);

export const pin = service.pin;
export const url = service.url;
