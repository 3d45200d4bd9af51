import { format } from 'echarts';
import { asText } from '../output';
import { chartSvg } from './chart-svg';
import { type Change, written } from './comparison';
import { type Diagram, toMermaid } from './diagram';
import { toSvg } from './diagram-svg';
import type { Report, ReportDocument, ReportTable } from './report';

const { encodeHTML } = format;

interface Page {
  readonly document: ReportDocument;
  readonly diagrams: readonly Diagram[];
  /** @default - compared with nothing */
  readonly changes?: readonly Change[];
}

/** One page with everything in it: no script, nothing that is loaded from elsewhere. */
export function toHtml({ document, diagrams, changes }: Page): string {
  const sections = [
    ...(changes ? [{ id: 'changes', title: 'What changed', body: changesTable(changes) }] : []),
    ...document.reports.map((report) => ({ id: report.name, title: report.title, body: reportBody(report) })),
    ...(diagrams.length > 0 ? [{ id: 'diagrams', title: 'Diagrams', body: diagrams.map(figure).join('') }] : []),
  ];
  const links = sections.map(({ id, title }) => `<a href="#${id}">${encodeHTML(title)}</a>`).join('');
  const title = `${document.stacks.join(', ')}: ${document.date}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${encodeHTML(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${encodeHTML(document.stacks.join(', '))}</h1><p>${document.date}</p><nav>${links}</nav></header>
<main>
${sections.map(({ id, title, body }) => `<section id="${id}"><h2>${encodeHTML(title)}</h2>${body}</section>`).join('\n')}
</main>
</body>
</html>
`;
}

function reportBody({ summary, figures, charts, tables, patch }: Report): string {
  const cards = figures.map(({ title, value, unit, limit, better }) => {
    const past = limit !== undefined && (better === 'lower' ? value > limit : value < limit);
    const of =
      limit === undefined
        ? ''
        : `<small>${better === 'lower' ? 'at most' : 'at least'} ${written(limit, unit)}</small>`;
    return `<div class="card${past ? ' past' : ''}"><span>${encodeHTML(title)}</span><b>${encodeHTML(written(value, unit))}</b>${of}</div>`;
  });
  return [
    ...summary.map((line) => `<p>${encodeHTML(line)}</p>`),
    cards.length > 0 ? `<div class="cards">${cards.join('')}</div>` : '',
    ...charts.map((chart) => `<h3>${encodeHTML(chart.title)}</h3><div class="wide">${chartSvg(chart)}</div>`),
    ...tables.map(tableHtml),
    patch ? `<h3>${encodeHTML(patch.title)}</h3><pre>${encodeHTML(patch.text)}</pre>` : '',
  ].join('');
}

function tableHtml({ title, head, rows }: ReportTable): string {
  const cell = (tag: string) => (text: string, column: number) =>
    `<${tag}${typeof rows[0]?.[column] === 'number' ? ' class="number"' : ''}>${encodeHTML(text)}</${tag}>`;
  const body = asText(rows)
    .map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`)
    .join('');
  const headings = head.map(cell('th'));
  return `<details${rows.length <= LONG ? ' open' : ''}><summary>${encodeHTML(title)} (${rows.length})</summary><div class="wide"><table><thead><tr>${headings.join('')}</tr></thead><tbody>${body}</tbody></table></div></details>`;
}

/** Rows from which on a table is shown when it is asked for. */
const LONG = 25;

function changesTable(changes: readonly Change[]): string {
  if (changes.length === 0) return '<p>No figure differs.</p>';
  const rows = changes.map(({ figure, before, after, verdict }) => [
    figure.title,
    written(before, figure.unit),
    written(after, figure.unit),
    verdict,
  ]);
  return tableHtml({ title: 'Figures', head: ['figure', 'before', 'now', ''], rows });
}

function figure(diagram: Diagram): string {
  const source = `<details><summary>as Mermaid</summary><pre>${encodeHTML(toMermaid(diagram))}</pre></details>`;
  return `<h3>${encodeHTML(diagram.title)}</h3><div class="wide">${toSvg(diagram)}</div>${source}`;
}

const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --faint: #59636e; --line: #c8ced6; --card: #f6f8fa; --page: #fff; --bad: #b42318; --link: #0072b2; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #9198a1; --line: #3d444d; --card: #151b23; --page: #0d1117; --bad: #ff7b72; --link: #56b4e9; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 1.5rem; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; } header p { margin: 0; color: var(--faint); }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; margin: 1rem 0; } a { color: var(--link); }
section { margin-top: 2.5rem; } h2 { border-bottom: 1px solid var(--line); padding-bottom: .3rem; } h3 { margin: 1.5rem 0 .5rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); gap: .8rem; margin: 1rem 0; }
.card { display: flex; flex-direction: column; padding: .8rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
.card span, .card small { color: var(--faint); } .card b { font-size: 1.4rem; } .card.past b { color: var(--bad); }
.wide { overflow-x: auto; } summary { cursor: pointer; margin: 1rem 0 .4rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { overflow-x: auto; padding: .8rem; border-radius: 8px; background: var(--card); }
.diagram { max-width: 100%; height: auto; } .diagram rect { fill: var(--card); stroke: var(--line); } .diagram path { fill: none; stroke: var(--faint); }
.diagram marker path { fill: var(--faint); } .diagram text { fill: var(--text); font: 12px system-ui, sans-serif; }
.diagram .label { fill: var(--faint); } .diagram .back { fill: var(--page); stroke: none; }
`;
