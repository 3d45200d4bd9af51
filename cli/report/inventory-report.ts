import { partsOf } from '../../src/lifecycle/stack-parts';
import { askedVersions } from '../../src/lifecycle/stack-versions';
import { walk } from '../../src/synthesized/stack-json';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import type { Report, ReportTable } from './report';

/** What stacks are made of: resources by type, charts and images, versions and how long they are supported. */
export function inventoryReport(stacks: readonly SynthesizedStack[]): Report {
  const counted = stacks.map((stack) => ({ stack, ...count(stack) }));
  return {
    name: 'inventory',
    title: 'What is deployed',
    summary: counted.map(
      ({ stack, resources, types, locked }) =>
        `${stack.name} has ${resources} resources of ${types} types; ${locked} of them refuse a destroy.`,
    ),
    figures: counted.map(({ stack, resources }) => ({
      id: `inventory.${stack.name}.resources`,
      title: `Resources of ${stack.name}`,
      value: resources,
      unit: '',
    })),
    tables: [resourceTable(stacks), versionTable(stacks), chartTable(stacks), imageTable(stacks)].filter(
      ({ rows }) => rows.length > 0,
    ),
    charts: [
      {
        title: 'Resources by provider',
        unit: 'resources',
        categories: stacks.map(({ name }) => name),
        series: PROVIDERS.map((name) => ({
          name,
          values: stacks.map((stack) => declared(stack).filter(({ type }) => providerOf(type) === name).length),
        })),
      },
    ],
  };
}

const PROVIDERS = ['aws', 'azurerm', 'kubernetes', 'helm', 'others'] as const;

function providerOf(type: string): (typeof PROVIDERS)[number] {
  return PROVIDERS.find((name) => type.startsWith(`${name}_`)) ?? 'others';
}

/** Those that Terraform makes; what controllers make beside them is not the stack's own. */
const declared = ({ resources }: SynthesizedStack) => resources.filter(({ madeBy }) => madeBy === undefined);

function count(stack: SynthesizedStack) {
  const resources = declared(stack);
  return {
    resources: resources.length,
    types: new Set(resources.map(({ type }) => type)).size,
    locked: resources.filter(({ block }) => walk(block, ['lifecycle', 'prevent_destroy']) === true).length,
  };
}

function resourceTable(stacks: readonly SynthesizedStack[]): ReportTable {
  const types = [...new Set(stacks.flatMap((stack) => declared(stack).map(({ type }) => type)))].sort();
  return {
    title: 'Resources',
    head: ['type', ...stacks.map(({ name }) => name)],
    rows: types.map((type) => [
      type,
      ...stacks.map((stack) => declared(stack).filter((one) => one.type === type).length),
    ]),
  };
}

function versionTable(stacks: readonly SynthesizedStack[]): ReportTable {
  const rows = stacks.flatMap((stack) =>
    askedVersions(stack).map(({ resource, version, calendar }) => [
      resource.path,
      `${calendar.name} ${version}`,
      calendar.ends[version] ?? 'not known',
    ]),
  );
  return { title: 'Versions', head: ['construct', 'version', 'supported until'], rows };
}

function chartTable(stacks: readonly SynthesizedStack[]): ReportTable {
  const rows = stacks.flatMap((stack) =>
    stack.contents.charts.map(({ chart, version, repository }) => [stack.name, chart, version, repository]),
  );
  return { title: 'Charts', head: ['stack', 'chart', 'version', 'repository'], rows };
}

function imageTable(stacks: readonly SynthesizedStack[]): ReportTable {
  const rows = stacks.flatMap((stack) => {
    const images = partsOf(stack).flatMap(({ part, ownImage }) =>
      part.kind === 'image' && ownImage ? [part.name] : [],
    );
    // A variable's value is given at the deploy.
    return [...new Set(images)].map((image) => [stack.name, image.replace(/^\$\{(.*)\}$/, '$1')]);
  });
  return { title: 'Images', head: ['stack', 'image'], rows };
}
