export type { ModelInfo } from "../../contract/modelinfo.ts";
