import { readFileSync } from "node:fs";
import { formatIssue, type Issue } from "../../core/contract/issues/issue.ts";
import { type Line, shortened, shownLines } from "./text.ts";

/** The result of a command. Nothing is printed before it is complete, and only main.ts prints. */
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

/** Maximum length of the parts of an issue; -o json, if a command has it, has the whole text. */
const WIDEST = { path: 300, message: 700, fix: 500 } as const;

/** The object through which one command reads its standard input, and collects its output. */
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

  /** Text of a format whose writer escapes control characters, to standard output. */
  write(text: string): void {
    this.#stdout += text;
  }

  /** Lines to standard error, so that standard output only contains the result. */
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

/** Runs a command, and keeps its result. */
export type Run = (command: (terminal: Terminal) => Result | Promise<Result>) => Promise<void>;
