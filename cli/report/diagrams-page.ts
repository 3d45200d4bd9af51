import type { Config } from '../../src';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { type Diagram, toMermaid } from './diagram';
import { gatherGroups } from './gather';
import { dataFlowDiagram, networkDiagram, stackDiagram, syncDiagram } from './stack-diagrams';

/** Every diagram of stacks that belong together; those with nothing in them are left out. */
export function diagramsOf(stacks: readonly SynthesizedStack[]): Diagram[] {
  const all = [
    ...stacks.flatMap((stack) => [stackDiagram(stack), networkDiagram(stack), dataFlowDiagram(stack)]),
    syncDiagram(stacks),
  ];
  return all.filter(({ nodes }) => nodes.length > 0).map(sorted);
}

/** The order of a stack's JSON says nothing, and may change. */
function sorted({ nodes, edges, ...diagram }: Diagram): Diagram {
  const ways = edges.map((edge) => ({ edge, key: [edge.from, edge.to, edge.label].join('\n') }));
  return {
    ...diagram,
    nodes: nodes.toSorted((a, b) => compare(a.id, b.id)),
    edges: ways.toSorted((a, b) => compare(a.key, b.key)).map(({ edge }) => edge),
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** `docs/diagrams.md`: the production stacks of a config. */
export function diagramsPage(config: Config): string {
  const diagrams = gatherGroups(config, ['prod']).flatMap(({ stacks }) => diagramsOf(stacks));
  const sections = diagrams.map((diagram) => `## ${diagram.title}\n\n\`\`\`mermaid\n${toMermaid(diagram)}\n\`\`\`\n`);
  return `# Diagrams

Drawn from what the stacks of \`recommender.config.ts\` synthesize to, by \`npm run docs\`; a test holds them to it.
\`recommender report --html\` draws those of a config of yours. An arrow goes from what needs something to what it needs.

${sections.join('\n')}`;
}
