/** A picture of what refers to what. */
export interface Diagram {
  readonly title: string;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

export interface DiagramNode {
  readonly id: string;
  /** Lines are parted by a line feed. */
  readonly label: string;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** Whether it is there only when something is configured. */
  readonly dashed?: boolean;
}

/** As Mermaid's text: https://mermaid.js.org/syntax/flowchart.html */
export function toMermaid({ nodes, edges }: Diagram): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const lines = [
    ...nodes.map(({ id, label }) => `  ${ids.get(id)}["${quoted(label)}"]`),
    ...edges.map(({ from, to, label, dashed }) => {
      const arrow = dashed ? '-.->' : '-->';
      return `  ${ids.get(from)} ${arrow}${label ? `|"${quoted(label)}"|` : ''} ${ids.get(to)}`;
    }),
  ];
  return ['flowchart LR', ...lines].join('\n');
}

/** Mermaid takes quotes and angle brackets as entities, and a break of a line as an element. */
function quoted(text: string): string {
  const entities = text.replace(/["<>#]/g, (character) => `#${character.charCodeAt(0)};`);
  return entities.replaceAll('\n', '<br/>');
}
