import { escapeXml } from "../../core/views/graph/svg.ts";
import type { Sent } from "./scenes.ts";

/** A scene that was played: the pods that could answer, and the requests in order. */
export interface Played {
  name: string;
  says: string;
  pods: readonly { name: string; role: string }[];
  sent: readonly Sent[];
}

const COLOURS = ["#2563eb", "#d97706", "#059669", "#db2777", "#7c3aed", "#475569"] as const;
const LEFT = 260;
const RIGHT = 104;
const WIDTH = 960;
const LANE = 34;
const TOP = 64;
const BOTTOM = 34;

/**
 * Requests over pods: a lane for each pod, time from left to right, a dot for each request in the lane of the pod that answered it. A ring is the
 * pod that prefilled.
 */
export function picture({ name, says, pods, sent }: Played): string {
  const height = TOP + pods.length * LANE + BOTTOM;
  const kinds = [...new Set(sent.map(({ kind }) => kind))];
  const isColoured = kinds.length <= COLOURS.length;
  const colour = (kind: string): string => COLOURS[isColoured ? kinds.indexOf(kind) : 0] ?? COLOURS[0];
  const step = (WIDTH - LEFT - RIGHT) / Math.max(sent.length, 1);
  const x = (index: number): number => round(LEFT + step * (index + 0.5));
  const y = (pod: string | undefined): number => TOP + LANE * (pods.findIndex((one) => one.name === pod) + 0.5);
  const radius = round(Math.max(2.5, Math.min(7, step * 0.4)));
  const lanes = pods.map((pod) => laneOf(pod, y(pod.name), sent));
  const dots = sent.flatMap(({ kind, answer, prefill }, index) => {
    if (y(answer.pod) < TOP) return [];
    const title = escapeXml(
      `${index + 1}: ${kind}, ${answer.status}, ${answer.pod}, ${Math.round(answer.seconds * 1000)} ms`,
    );
    const dot = `<circle cx="${x(index)}" cy="${y(answer.pod)}" r="${radius}" fill="${colour(kind)}"><title>${title}</title></circle>`;
    if (prefill === undefined) return [dot];
    const [from, to] = [y(prefill), y(answer.pod)];
    return [
      `<line x1="${x(index)}" y1="${from}" x2="${x(index)}" y2="${to}" stroke="#94a3b8"/>`,
      `<circle cx="${x(index)}" cy="${from}" r="${radius}" fill="#fff" stroke="${colour(kind)}" stroke-width="2"/>`,
      dot,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(says)}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="16" y="24" font-size="16" font-weight="600">${escapeXml(name)}</text>`,
    `<text x="16" y="46" fill="#475569">${escapeXml(says)}</text>`,
    ...lanes,
    ...dots,
    ...(isColoured && kinds.length > 1 ? legend(kinds, colour, height - 12) : []),
    `<text x="${WIDTH - RIGHT}" y="${height - 12}" text-anchor="end" fill="#475569">${sent.length} requests →</text>`,
    "</svg>",
  ].join("\n");
}

function laneOf({ name, role }: Played["pods"][number], y: number, sent: readonly Sent[]): string {
  const answered = sent.filter(({ answer }) => answer.pod === name).length;
  const prefilled = sent.filter(({ prefill }) => prefill === name).length;
  const number = role === "prefill" ? `${prefilled} prefilled` : `${answered} answered`;
  return [
    `<line x1="${LEFT}" y1="${y}" x2="${WIDTH - RIGHT}" y2="${y}" stroke="#e2e8f0"/>`,
    `<text x="16" y="${y + 4}">${escapeXml(name)}</text>`,
    `<text x="${WIDTH - 8}" y="${y + 4}" text-anchor="end" fill="#475569">${number}</text>`,
  ].join("\n");
}

const KIND_WIDTH = 130;

function legend(kinds: readonly string[], colour: (kind: string) => string, y: number): string[] {
  return kinds.map((kind, index) => {
    const x = 16 + index * KIND_WIDTH;
    return `<circle cx="${x + 5}" cy="${y - 4}" r="5" fill="${colour(kind)}"/><text x="${x + 16}" y="${y}">${escapeXml(kind)}</text>`;
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
