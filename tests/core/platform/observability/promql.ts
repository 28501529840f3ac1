/** What an expression of PromQL selects: a series, and the labels that its braces compare. */
export interface Selected {
  series: string;
  labels: string[];
}

const WORDS = new Set(["and", "or", "unless", "offset", "bool"]);

/**
 * The selectors of an expression, found without Prometheus' own parser; a test compares them with it where it is built.
 */
export function selectedIn(expression: string): Selected[] {
  const bare = withoutTexts(expression).replaceAll(
    /\b(?:by|on|without|ignoring|group_left|group_right) ?\([^)]*\)/g,
    " ",
  );
  return [...bare.matchAll(/([a-zA-Z_:][\w:]*)(\{[^}]*\})?(\s*\()?/g)].flatMap(([, series = "", braces = "", call]) => {
    if (call !== undefined || WORDS.has(series)) return [];
    return [{ series, labels: [...braces.matchAll(/([a-zA-Z_]+)\s*(?:=|!)/g)].map(([, label = ""]) => label) }];
  });
}

/** The labels that results are grouped or matched by. */
export function groupedIn(expression: string): string[] {
  const lists = withoutTexts(expression).matchAll(/\b(?:by|on|without|ignoring) ?\(([^)]*)\)/g);
  return [...lists].flatMap(([, list = ""]) => list.split(",").map((label) => label.trim()));
}

function withoutTexts(expression: string): string {
  return expression.replaceAll(/"[^"]*"|'[^']*'/g, "").replaceAll(/\[[^\]]*\]/g, "");
}
