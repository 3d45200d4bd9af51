import { Help } from 'commander';
import { ACTIONS, type Action, type Difference, type PlannedChange } from './planned-changes';

/** What a plan does, and what was changed outside of Terraform before. */
export interface PlanSummary {
  readonly stack: string;
  readonly changes: readonly PlannedChange[];
  readonly changedOutside: readonly PlannedChange[];
}

const WIDTH = 80;
/** Arguments that are shown of a resource: the rest is in the plan. */
const MOST_DIFFERENCES = 8;
/** Characters that are shown of a value in a terminal. */
const MOST_CHARACTERS = 60;

/** Each change that takes something away, by its construct; what is created, counted by construct. */
export function planText({ stack, changes, changedOutside }: PlanSummary): string {
  return [
    `${stack}: ${counts(changes)}`,
    ...(changedOutside.length > 0 ? [`Changed outside of Terraform:\n${lines(changedOutside)}`] : []),
    ...(single(changes).length > 0 ? [lines(single(changes))] : []),
    ...(created(changes).size > 0
      ? [
          [...created(changes)]
            .map(([construct, types]) => wrapped(`create   ${construct}: ${types.join(', ')}`))
            .join('\n'),
        ]
      : []),
  ].join('\n\n');
}

/** The same for a pull request. */
export function planComment({ stack, changes, changedOutside }: PlanSummary): string {
  const table = (title: string, rows: readonly PlannedChange[]) =>
    rows.length === 0
      ? []
      : [
          [
            `| ${title} | construct | resource | arguments |`,
            '| --- | --- | --- | --- |',
            ...rows.map(
              ({ action, construct, address, losesData, differences }) =>
                `| ${word(action, losesData)} | ${construct} | \`${address}\` | ${shown(differences).map(cell).join('<br>')} |`,
            ),
          ].join('\n'),
        ];
  const creations = [...created(changes)].map(([construct, types]) => `- ${construct}: ${types.join(', ')}`);
  return `${[
    `**${stack}**: ${counts(changes)}`,
    ...table('changed outside of Terraform', changedOutside),
    ...table('planned', single(changes)),
    ...(creations.length > 0 ? [`Created:\n\n${creations.join('\n')}`] : []),
  ].join('\n\n')}\n`;
}

/** `2 to destroy (1 with data), 3 to create`. */
export function counts(changes: readonly PlannedChange[]): string {
  const parts = ACTIONS.flatMap((action) => {
    const those = changes.filter((change) => change.action === action);
    const lost = those.filter(({ losesData }) => losesData).length;
    return those.length === 0 ? [] : [`${those.length} to ${action}${lost > 0 ? ` (${lost} with data)` : ''}`];
  });
  return parts.length > 0 ? parts.join(', ') : 'nothing to change';
}

const single = (changes: readonly PlannedChange[]) => changes.filter(({ action }) => action !== 'create');

/** Types that are created, by the construct right below the stack. */
function created(changes: readonly PlannedChange[]): Map<string, string[]> {
  const types = new Map<string, Map<string, number>>();
  for (const { action, construct, type } of changes) {
    if (action !== 'create') continue;
    const part = construct.split('/').slice(0, 2).join('/');
    const counted = types.get(part) ?? new Map<string, number>();
    types.set(part, counted.set(type, (counted.get(type) ?? 0) + 1));
  }
  return new Map(
    [...types].map(([part, counted]) => [
      part,
      [...counted].map(([type, count]) => (count === 1 ? type : `${count} ${type}`)),
    ]),
  );
}

function lines(changes: readonly PlannedChange[]): string {
  return changes
    .flatMap(({ action, construct, address, losesData, differences }) => [
      `${action.padEnd(8)} ${construct}${losesData ? ', which holds data' : ''}`,
      ...(construct === address ? [] : [`         ${address}`]),
      ...shown(differences).map((line) => `           ${line}`),
    ])
    .join('\n');
}

const word = (action: Action, losesData: boolean) => (losesData ? `**${action}, with data**` : action);

function shown(differences: readonly Difference[]): string[] {
  const rest = differences.length - MOST_DIFFERENCES;
  return [
    ...differences
      .slice(0, MOST_DIFFERENCES)
      .map(
        ({ argument, before, after, replaces }) =>
          `${argument}: ${short(before)} → ${short(after)}${replaces ? ', which makes it anew' : ''}`,
      ),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
}

const short = (value: string) => (value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}…` : value);
/** What a table of Markdown and its HTML would take for its own. */
const cell = (text: string) => text.replace(/[&<>|]/g, (character) => `&#${character.charCodeAt(0)};`);
const wrapped = (line: string) => new Help().boxWrap(line, WIDTH).replaceAll('\n', `\n${' '.repeat(11)}`);
