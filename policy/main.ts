import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./pack.ts";
import { RULES } from "./rules.ts";

// The program of the policy pack: the engine starts it, and it serves until the engine ends it.
new PolicyPack("kserve-llm", { policies: policiesOf(RULES) });
