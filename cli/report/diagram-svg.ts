import { Graph, layout } from '@dagrejs/dagre';
import { format } from 'echarts';
import type { Diagram } from './diagram';

const CHARACTER = 7;
const LINE = 16;
const PADDING = 10;

/** The diagram as a picture that takes its colours from the page (`--text`, `--line`, `--card`). */
export function toSvg({ title, nodes, edges }: Diagram): string {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 60, marginx: 8, marginy: 8 });
  for (const { id, label } of nodes) graph.setNode(id, sizeOf(label));
  edges.forEach(({ from, to, label }, index) => {
    graph.setEdge(from, to, label ? { ...sizeOf(label), labelpos: 'c' } : {}, `${index}`);
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const boxes = nodes.map(({ id, label }) => {
    const { x, y, width, height } = graph.node(id);
    const box = `<rect x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="6"/>`;
    return `${box}${textAt(label, x, y)}`;
  });
  const lines = edges.map(({ from, to, label, dashed }, index) => {
    const { points = [], x, y } = graph.edge(from, to, `${index}`);
    const path = points.map(
      (point: { x: number; y: number }, i: number) => `${i === 0 ? 'M' : 'L'}${point.x},${point.y}`,
    );
    const line = `<path d="${path.join('')}"${dashed ? ' stroke-dasharray="5 4"' : ''} marker-end="url(#arrow)"/>`;
    return label && x !== undefined && y !== undefined ? `${line}${textAt(label, x, y, 'label')}` : line;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="diagram" width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" role="img">`,
    `<title>${format.encodeHTML(title)}</title>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z"/></marker></defs>',
    ...lines,
    ...boxes,
    '</svg>',
  ].join('');
}

function sizeOf(label: string): { width: number; height: number } {
  const lines = label.split('\n');
  const longest = Math.max(...lines.map(({ length }) => length));
  return { width: longest * CHARACTER + 2 * PADDING, height: lines.length * LINE + PADDING };
}

function textAt(label: string, x: number, y: number, name = 'node'): string {
  const lines = label.split('\n');
  const top = y - ((lines.length - 1) * LINE) / 2;
  const spans = lines.map((line, i) => `<tspan x="${x}" y="${top + i * LINE}">${format.encodeHTML(line)}</tspan>`);
  return `<text class="${name}" text-anchor="middle" dominant-baseline="central">${spans.join('')}</text>`;
}
