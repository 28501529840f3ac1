/** A part of a word; its quoting decides what a shell expands in it. */
interface Piece {
  text: string;
  quote: "" | "'" | '"';
}

/** A word of a script, before its variables are expanded. */
export type ScriptWord = readonly Piece[];

/** A simple command, and what separates it from the one before it: `;`, `&&`, `|`, parentheses, ends of lines. */
export interface ScriptCommand {
  words: ScriptWord[];
  before: string;
}

/**
 * A word after expansion. `open`: its variables are known only where it runs, and if it is unquoted it may become any
 * number of words.
 */
export interface ExpandedWord {
  text: string;
  open: boolean;
}

/**
 * The simple commands of a shell script, in their order, each as its words; redirections and comments are left out.
 * Only the command that starts the engine is needed, so the rest of the grammar is only read as far as it ends a
 * command. Source: Shell Command Language, POSIX.1-2024, 2.2 (quoting) and 2.3 (token recognition).
 */
export function commandsOf(script: string): ScriptCommand[] {
  const reader = new ScriptReader();
  for (let at = 0; at < script.length; ) at = reader.read(script, at);
  reader.endCommand();
  return reader.commands;
}

const BLANK = " \t\r";
const ENDS = "\n;&|()";

class ScriptReader {
  readonly commands: ScriptCommand[] = [];
  #before = "";
  #words: ScriptWord[] = [];
  #word: Piece[] | undefined;
  #redirected = false;

  /** Reads the token at a position; returns the position after it. */
  read(script: string, at: number): number {
    const char = script.charAt(at);
    if (BLANK.includes(char)) return this.#endWord(at + 1);
    if (char === "#" && this.#word === undefined) return endOf(script, "\n", at);
    if (ENDS.includes(char)) {
      this.endCommand();
      this.#before += char;
      return at + 1;
    }
    if (char === ">" || char === "<") return this.#redirect(script, at);
    if (char === "\\") return this.#escape(script, at);
    if (char === "'") return this.#add(script.slice(at + 1, endOf(script, "'", at + 1)), "'", at + 2);
    if (char === '"') return this.#quoted(script, at + 1);
    const end = char === "$" || char === "`" ? endOfExpansion(script, at) : at + 1;
    this.#add(script.slice(at, end), "");
    return end;
  }

  endCommand(): void {
    this.#endWord(0);
    if (this.#words.length > 0) {
      this.commands.push({ words: this.#words, before: this.#before });
      this.#before = "";
    }
    this.#words = [];
    this.#redirected = false;
  }

  #endWord(next: number): number {
    if (this.#word !== undefined && !this.#redirected) this.#words.push(this.#word);
    this.#word = undefined;
    return next;
  }

  /** The word after a redirection is not an argument, nor is the number before it. */
  #redirect(script: string, at: number): number {
    if (this.#word?.every(({ text, quote }) => quote === "" && /^\d+$/.test(text))) this.#word = undefined;
    this.#endWord(0);
    this.#redirected = true;
    return script.charAt(at + 1) === "&" ? at + 2 : at + 1;
  }

  #escape(script: string, at: number): number {
    // A line that ends in a backslash continues in the next one.
    if (script.charAt(at + 1) !== "\n") this.#add(script.charAt(at + 1), "'");
    return at + 2;
  }

  #quoted(script: string, start: number): number {
    let text = "";
    let at = start;
    while (at < script.length && script.charAt(at) !== '"') {
      const char = script.charAt(at);
      const escaped = char === "\\" && '"\\$`\n'.includes(script.charAt(at + 1));
      const end = escaped ? at + 2 : char === "$" || char === "`" ? endOfExpansion(script, at) : at + 1;
      if (escaped) {
        this.#add(text, '"');
        this.#add(script.charAt(at + 1).replace("\n", ""), "'");
        text = "";
      } else text += script.slice(at, end);
      at = end;
    }
    this.#add(text, '"');
    return at + 1;
  }

  /** Adds a piece to the word; `next` is its length in the script. */
  #add(text: string, quote: Piece["quote"], next = 0): number {
    this.#word ??= [];
    const last = this.#word.at(-1);
    if (quote === "" && last?.quote === "") last.text += text;
    else this.#word.push({ text, quote });
    return next + text.length;
  }
}

function endOf(script: string, char: string, start: number): number {
  const end = script.indexOf(char, start);
  return end < 0 ? script.length : end;
}

/**
 * The position after `$NAME`, `${…}`, `$(…)`, `$((…))` and `` `…` ``, which may contain characters that would end a
 * word.
 */
function endOfExpansion(script: string, at: number): number {
  if (script.charAt(at) === "`") return endOf(script, "`", at + 1) + 1;
  const open = script.charAt(at + 1);
  if (open === "{") return endOf(script, "}", at) + 1;
  if (open !== "(") return at + 1;
  let depth = 0;
  for (let end = at + 1; end < script.length; end++) {
    const char = script.charAt(end);
    if (char === "(") depth += 1;
    else if (char === ")") depth -= 1;
    if (depth === 0) return end + 1;
  }
  return script.length;
}

const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?)-([^}$]*))?\})/g;

/**
 * A word as a shell would expand it with the known variables. An unknown one becomes `$(NAME)`, as Kubernetes writes a
 * value that is filled in later.
 */
export function expandWord(word: ScriptWord, valueFor: (name: string) => string | null | undefined): ExpandedWord[] {
  const expanded = word.map(({ text, quote }) => (quote === "'" ? text : expandText(text, valueFor)));
  const text = expanded.join("");
  // `"${ARGS[@]}"` is any number of words, quoted or not.
  if (word.some(({ text: written, quote }) => quote !== "'" && /\[[@*]\]\}/.test(written)))
    return [{ text, open: true }];
  const isBare = word.every(({ quote }) => quote === "") && /^[$`]/.test(word[0]?.text ?? "");
  if (!isBare) return [{ text, open: false }];
  if (/[$`]/.test(text)) return [{ text, open: true }];
  return text.split(/\s+/).flatMap((part) => (part === "" ? [] : [{ text: part, open: false }]));
}

function expandText(text: string, valueFor: (name: string) => string | null | undefined): string {
  return text.replace(VARIABLE, (_, plain?: string, braced?: string, colon?: string, initial?: string) => {
    const name = plain ?? braced ?? "";
    const value = valueFor(name);
    const isUnset = value === undefined || (value === "" && colon === ":");
    const known = isUnset && initial !== undefined && !/[$`]/.test(initial) ? initial.replaceAll('"', "") : value;
    return known ?? `$(${name})`;
  });
}

/** A word's text without its quotes and without expansion, which `eval` reads once more. */
export function rawText(word: ScriptWord): string {
  return word.map(({ text }) => text).join("");
}
