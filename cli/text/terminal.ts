import { readFileSync } from "node:fs";
import { formatIssue, type Issue } from "../../core/contract/issues/issue.ts";
import { type Line, shortened, shownLines } from "./text.ts";

/** What a command comes to. Nothing is printed before it is there, and only main.ts prints. */
export interface Result {
  stdout: string;
  stderr: string;
  code: number;
}

export interface TerminalSettings {
  /** Whether standard output takes colour. */
  colour?: boolean;
  /** Columns of the help texts. */
  width?: number;
  /** The bytes of standard input. */
  stdin?: () => Uint8Array;
}

/** Longest that the parts of an issue get; -o json, where a command has it, has them whole. */
const WIDEST = { path: 300, message: 700, fix: 500 } as const;

/** Where one command reads its standard input, and collects what is printed. */
export class Terminal {
  readonly width: number | undefined;
  readonly stdin: () => Uint8Array;
  readonly #colour: boolean;
  #stdout = "";
  #stderr = "";

  constructor({ colour = false, width, stdin = () => readFileSync(0) }: TerminalSettings = {}) {
    this.#colour = colour;
    this.width = width;
    this.stdin = stdin;
  }

  /** Lines for people, to standard output. */
  print(lines: readonly Line[]): void {
    this.#stdout += shownLines(lines, this.#colour);
  }

  /** Text of a format whose writer escapes what a terminal would obey, to standard output. */
  write(text: string): void {
    this.#stdout += text;
  }

  /** Lines to standard error, so that standard output stays what was asked for. */
  tell(lines: readonly Line[]): void {
    this.#stderr += shownLines(lines, false);
  }

  /** Issues, one a line, to standard error. */
  issues(source: string, issues: readonly Issue[]): void {
    this.tell(issues.map((issue) => `${source}: ${issueText(issue)}`));
  }

  done(code: number): Result {
    return { stdout: this.#stdout, stderr: this.#stderr, code };
  }
}

/** An issue on one line, with long values cut. */
export function issueText(issue: Issue): string {
  const { path, message, fix } = issue;
  return formatIssue({
    ...issue,
    path: shortened(path, WIDEST.path),
    message: shortened(message, WIDEST.message),
    ...(fix !== undefined && { fix: shortened(fix, WIDEST.fix) }),
  });
}

/** Runs a command, and keeps what it comes to. */
export type Run = (command: (terminal: Terminal) => Result | Promise<Result>) => Promise<void>;
