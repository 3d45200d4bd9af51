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
  return all.filter(({ nodes }) => nodes.length > 0);
}

/** `docs/diagrams.md`: the production stacks of a config. */
export function diagramsPage(config: Config): string {
  const diagrams = gatherGroups(config, ['prod']).flatMap(({ stacks }) => diagramsOf(stacks));
  const sections = diagrams.map((diagram) => `## ${diagram.title}\n\n\`\`\`mermaid\n${toMermaid(diagram)}\n\`\`\`\n`);
  return `# Diagrams

Drawn from what the stacks of \`recommender.config.ts\` synthesize to, by \`npm run docs\`; a test holds them to it.
\`recommender report --html\` draws those of a config of yours. An arrow goes from what needs something to what it needs.

${sections.join('\n')}`;
}
