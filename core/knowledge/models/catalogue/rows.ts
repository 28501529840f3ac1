import { AUDIO } from "./audio.ts";
import { OLDER } from "./older.ts";
import { POOLERS } from "./poolers.ts";
import { QWEN } from "./qwen.ts";
import type { Row } from "./row.ts";
import { GENERATIVE } from "./table.ts";

/** All models of the catalogue. */
export const ROWS: readonly Row[] = [...GENERATIVE, ...QWEN, ...OLDER, ...POOLERS, ...AUDIO];
