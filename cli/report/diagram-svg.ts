import { Graph, layout } from '@dagrejs/dagre';
import { format } from 'echarts';
import type { Diagram } from './diagram';

const CHARACTER = 7;
const LINE = 16;
const PADDING = 10;
const MARGIN = 8;

/** The diagram as a picture that takes its colours from the page (`--text`, `--line`, `--card`). */
export function toSvg({ title, nodes, edges }: Diagram): string {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 60, marginx: MARGIN, marginy: MARGIN });
  for (const { id, label } of nodes) graph.setNode(id, sizeOf(label));
  edges.forEach(({ from, to, label }, index) => {
    graph.setEdge(from, to, label ? { ...sizeOf(label), labelpos: 'c' } : {}, `${index}`);
  });
  layout(graph);
  const ways = edges.map(({ from, to }, index): Way => graph.edge(from, to, `${index}`));
  const boxes = nodes.map(({ id, label }) => {
    const { x, y, width, height } = graph.node(id);
    const box = `<rect x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="6"/>`;
    return `${box}${textAt(label, x, y)}`;
  });
  const lines = ways.map(({ points = [] }, index) => {
    const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x},${y}`).join('');
    return `<path d="${path}"${edges[index]?.dashed ? ' stroke-dasharray="5 4"' : ''} marker-end="url(#arrow)"/>`;
  });
  // After all lines, on the page's colour, so that none strikes one out.
  const labels = ways.map(({ x, y }, index) => {
    const label = edges[index]?.label;
    if (!label || x === undefined || y === undefined) return '';
    const width = label.length * CHARACTER - PADDING;
    const back = `<rect class="back" x="${x - width / 2}" y="${y - LINE / 2}" width="${width}" height="${LINE}"/>`;
    return `${back}${textAt(label, x, y, 'label')}`;
  });
  const { left, top, width, height } = boundsOf(graph, ways);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="diagram" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}" role="img">`,
    `<title>${format.encodeHTML(title)}</title>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z"/></marker></defs>',
    ...lines,
    ...labels,
    ...boxes,
    '</svg>',
  ].join('');
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** An edge as it was laid out; `x` and `y` are its label's. */
interface Way extends Partial<Point> {
  readonly points?: readonly Point[];
}

/** Where everything is. The layout's own size leaves out edges that go around what they pass. */
function boundsOf(graph: Graph, ways: readonly Way[]) {
  const { width = 0, height = 0 } = graph.graph();
  const points = [
    { x: MARGIN, y: MARGIN },
    { x: width - MARGIN, y: height - MARGIN },
    ...ways.flatMap(({ points = [] }) => points),
  ];
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, top] = [Math.floor(Math.min(...xs)) - MARGIN, Math.floor(Math.min(...ys)) - MARGIN];
  return {
    left,
    top,
    width: Math.ceil(Math.max(...xs)) + MARGIN - left,
    height: Math.ceil(Math.max(...ys)) + MARGIN - top,
  };
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
