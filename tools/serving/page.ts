import { escapeXml } from "../../core/views/graph/svg.ts";
import { type Played, picture } from "./picture.ts";

/** A process of the demonstration. */
export interface Process {
  pod: string;
  address: string;
  image: string;
  command: string;
  /** How it differs from what was rendered. */
  differs: string;
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1000px; padding: 16px; color: #0f172a; background: #fff; }
  figure { margin: 24px 0; border: 1px solid #e2e8f0; border-radius: 8px; overflow-x: auto; }
  figure svg { display: block; width: 100%; min-width: 640px; height: auto; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; font-size: 14px; }
  td, th { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid #e2e8f0; }
  code { font-size: 12px; overflow-wrap: anywhere; }
`;

/** The page of a demonstration, as one self-contained file. */
export function page(played: readonly Played[], processes: readonly Process[]): string {
  const rows = processes.map(({ pod, address, image, command, differs }) => {
    const cells = [
      escapeXml(pod),
      escapeXml(address),
      `<code>${escapeXml(image)}</code>`,
      `<code>${escapeXml(command)}</code>`,
      escapeXml(differs),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  const heads = ["Pod", "Address", "Image", "What ran in its place", "Difference"].map((head) => `<th>${head}</th>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Where requests went</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Where requests went</h1>
<p>Each dot is one request, in the lane of the pod that answered it. Every request went through a real Envoy, the real endpoint picker of llm-d with the
configuration that the plan wrote, and, for prefill and decode, llm-d's real routing sidecar. The engines are llm-d's simulator of vLLM: the text
of their answers is random, but the way of the requests is real.</p>
${played.map((one) => `<figure>${picture(one)}</figure>`).join("\n")}
<h2>What ran</h2>
<div class="wide"><table><thead><tr>${heads.join("")}</tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>
</body>
</html>
`;
}

/** The same for a terminal: requests by pod. */
export function table(played: readonly Played[]): string {
  return played
    .map(({ name, says, pods, sent }) => {
      const lines = pods.map((pod) => {
        const isPrefill = pod.role === "prefill";
        const count = sent.filter(({ answer, prefill }) => (isPrefill ? prefill : answer.pod) === pod.name).length;
        const bar = "█".repeat(Math.round((count / Math.max(sent.length, 1)) * 40));
        return `  ${pod.name.padEnd(44)} ${String(count).padStart(4)} ${isPrefill ? "prefilled" : "answered "} ${bar}`;
      });
      const failed = sent.filter(({ answer }) => answer.status !== 200).length;
      const failures = failed > 0 ? [`  ${failed} of ${sent.length} requests failed`] : [];
      return [`${name}: ${says}`, ...lines, ...failures, ""].join("\n");
    })
    .join("\n");
}
