/** Colours of the report and of a picture, light and dark. */
const COLOURS = `:root {
  --ink: #1b1f24; --quiet: #59636e; --paper: #ffffff; --line: #d1d9e0; --band: #f6f8fa; --accent: #0969da;
  --gateway: #eceff2; --route: #ddf4ff; --pool: #fbefff; --service: #f0f4f8; --scheduler: #fff8c5; --pods: #dafbe1; --nodes: #ffeff7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --quiet: #9198a1; --paper: #0d1117; --line: #3d444d; --band: #161b22; --accent: #4493f8;
    --gateway: #21262d; --route: #0c2d4d; --pool: #2d1a42; --service: #1c232b; --scheduler: #3a2d05; --pods: #0f3320; --nodes: #41132c;
  }
}
`;

/** The style of a picture's shapes and texts. */
const PICTURE = `svg.graph text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--ink); }
svg.graph .title { font-weight: 600; }
svg.graph .label { font-size: 11.5px; fill: var(--quiet); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
svg.graph rect { stroke: var(--line); } svg.graph .edge { fill: none; stroke: var(--quiet); stroke-width: 1.3; }
svg.graph .head { fill: var(--quiet); }
${["gateway", "route", "pool", "service", "scheduler", "pods", "nodes"].map((kind) => `svg.graph .${kind} rect { fill: var(--${kind}); }`).join("\n")}
`;

/** The styles that a picture needs as a separate file. */
export const PICTURE_STYLE = `
${COLOURS}svg.graph { background: var(--paper); }
${PICTURE}svg.graph .heading { font-size: 16px; font-weight: 600; } svg.graph .paper { fill: var(--paper); stroke: none; }
`;

/** Colours and type of the report; nothing is loaded from elsewhere. */
export const STYLE = `
${COLOURS}body { margin: 0 auto; padding: 24px; max-width: 1500px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
section + section { margin-top: 56px; border-top: 1px solid var(--line); padding-top: 24px; }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 18px; margin: 32px 0 8px; }
.model { color: var(--quiet); margin: 2px 0 0; }
.figures { display: flex; flex-wrap: wrap; gap: 12px; margin: 20px 0; }
.figures div { border: 1px solid var(--line); border-radius: 6px; padding: 8px 16px; }
.figures dd { margin: 0; font-size: 22px; font-variant-numeric: tabular-nums; } .figures dt { color: var(--quiet); font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; white-space: nowrap; } tbody tr:nth-child(even) { background: var(--band); }
td { overflow-wrap: anywhere; min-width: 92px; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 6px 0; }
summary { cursor: pointer; padding: 8px 12px; font-weight: 600; } summary span { color: var(--quiet); font-weight: 400; }
.issues { color: var(--quiet); }
svg.graph { max-width: 100%; height: auto; min-width: 900px; }
${PICTURE}@media print { details > * { display: block; } body { max-width: none; } }
`;
