import { join } from "node:path";
import { isObject, type JsonObject, listOf, valueAt } from "../../core/kubernetes/json.ts";
import { DASHBOARDS, grafanaDashboard } from "../../core/platform/observability/dashboards.ts";
import { escapeXml } from "../../core/views/graph/svg.ts";

const DOCS = join(import.meta.dirname, "../../docs");

/** Pixels of a column and of a row of Grafana's grid, and of the margins. */
const [COLUMN, ROW, GAP, TOP, LINE] = [40, 15, 4, 44, 14];
const COLUMNS = 24;
const WIDTH = COLUMNS * COLUMN + 2 * GAP;

/** By file, the layout of each dashboard as Grafana places it: rows, and panels with their titles, units and legends. */
export function dashboardPictures(): Record<string, string> {
  return Object.fromEntries(
    DASHBOARDS.map((dashboard) => [join(DOCS, `dashboard-${dashboard.id}.svg`), picture(grafanaDashboard(dashboard))]),
  );
}

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

function picture({ title, panels }: JsonObject): string {
  const all = listOf(panels).filter(isObject);
  const bottom = Math.max(...all.map((panel) => boxOf(panel)).map(({ y, h }) => y + h));
  const height = TOP + bottom * ROW + GAP;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="sans-serif" font-size="11">`,
    `<title>${escapeXml(`Layout of the dashboard ${String(title)}`)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${GAP * 2}" y="26" font-size="17" font-weight="bold" fill="#1f2933">${escapeXml(String(title))}</text>`,
    ...all.map((panel) => (panel["type"] === "row" ? rowOf(panel) : panelOf(panel))),
    "</svg>",
    "",
  ].join("\n");
}

function boxOf({ gridPos }: JsonObject): Box {
  const at = isObject(gridPos) ? gridPos : {};
  const [x = 0, y = 0, w = 0, h = 0] = [at["x"], at["y"], at["w"], at["h"]].map(Number);
  return { x, y, w, h };
}

function rowOf(panel: JsonObject): string {
  const y = TOP + boxOf(panel).y * ROW;
  return `<text x="${GAP * 2}" y="${y + 11}" font-weight="bold" fill="#52606d">${escapeXml(String(panel["title"]))}</text>`;
}

function panelOf(panel: JsonObject): string {
  const { x, y, w, h } = boxOf(panel);
  const [left, top] = [GAP + x * COLUMN, TOP + y * ROW];
  const [width, height] = [w * COLUMN - GAP, h * ROW - GAP];
  const room = Math.floor((width - 16) / 6);
  const legends = listOf(panel["targets"]).map((target) => (isObject(target) ? String(target["legendFormat"]) : ""));
  const lines = [...wrapped(String(panel["description"]), room), ...legends.map((one) => `— ${one}`)];
  const most = Math.floor((height - 22) / LINE);
  return [
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="3" fill="#f5f7fa" stroke="#9aa5b1"/>`,
    `<text x="${left + 8}" y="${top + 16}" font-weight="bold" fill="#1f2933">${escapeXml(String(panel["title"]) + unitOf(panel))}</text>`,
    ...lines
      .slice(0, most)
      .map(
        (line, i) =>
          `<text x="${left + 8}" y="${top + 32 + i * LINE}" fill="#3e4c59">${escapeXml(cut(line, room))}</text>`,
      ),
  ].join("\n");
}

/** Numbers that are short have no unit. */
function unitOf({ fieldConfig }: JsonObject): string {
  const unit = valueAt(fieldConfig, ["defaults", "unit"]);
  return unit === undefined || unit === "short" ? "" : ` (${String(unit)})`;
}

function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function cut(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
