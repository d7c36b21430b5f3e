/** The page of a training's panel: its own script, its own style, and nothing from anywhere else. */

/**
 * @param script address of the page's script, as the webview may load it
 * @param nonce fresh for each page: only what carries it is run or styled
 */
export function pageHtml(script: string, nonce: string): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Training</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<header><h1 id="title"></h1><button id="button" hidden></button></header>
<p id="summary"></p>
<p id="news" role="status"></p>
<figure>
<svg id="plot" role="img"></svg>
<p id="empty">The learning curve appears here as soon as a step is done.</p>
<figcaption id="legend" hidden>
<span class="steps" id="steps-name">single steps</span>
<span class="loss" id="loss-name"></span>
<span class="validation" id="validation-name">validation</span>
</figcaption>
</figure>
<dl id="facts"></dl>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}

const style = `
body { color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); padding: 1em; max-width: 60em; }
[hidden] { display: none !important; }
header { display: flex; align-items: center; gap: 1em; flex-wrap: wrap; }
h1 { font-size: 1.3em; font-weight: 600; margin: 0; }
button { color: var(--vscode-button-foreground); background: var(--vscode-button-background);
  border: 1px solid var(--vscode-button-border, transparent); border-radius: 2px; padding: 4px 14px; font: inherit; cursor: pointer; }
button:hover { background: var(--vscode-button-hoverBackground); }
button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
#summary { color: var(--vscode-descriptionForeground); min-height: 1.4em; }
body[data-state="failed"] #summary { color: var(--vscode-errorForeground); }
#news { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
figure { margin: 0; position: relative; }
#plot { display: block; width: 100%; }
#empty { position: absolute; inset: 40% 0 auto; text-align: center; color: var(--vscode-descriptionForeground); }
text { fill: var(--vscode-descriptionForeground); font-size: 12px; }
.grid { stroke: var(--vscode-editorWidget-border, var(--vscode-descriptionForeground)); stroke-opacity: 0.5; stroke-width: 1; }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
polyline.steps { stroke: var(--vscode-charts-blue); stroke-opacity: 0.3; stroke-width: 1; }
polyline.loss { stroke: var(--vscode-charts-blue); }
polyline.validation { stroke: var(--vscode-charts-yellow); stroke-dasharray: 6 4; }
circle.loss { fill: var(--vscode-charts-blue); }
circle.validation { fill: var(--vscode-charts-yellow); }
figcaption { display: flex; gap: 1.5em; flex-wrap: wrap; padding-left: 4em; }
figcaption span::before { content: ""; display: inline-block; width: 1.6em; margin-right: 0.5em; vertical-align: middle;
  border-top: 2px solid var(--vscode-charts-blue); }
figcaption .steps::before { opacity: 0.3; }
figcaption .validation::before { border-top: 2px dashed var(--vscode-charts-yellow); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.3em 1.5em; margin: 1em 0 0; }
dt { color: var(--vscode-descriptionForeground); }
dd { margin: 0; font-variant-numeric: tabular-nums; }
`;
