import type { Rule, State, StateMachine, Template } from '../../../constructs/aws/workflow/states';

/** Paths that a state machine's data have, e.g. `$.prepared.cut`; what is below one of them is there as far as is known. */
type Known = ReadonlySet<string>;

/**
 * Paths that a state reads and that are not there on some way to it, as `state: path`. It walks every way that the
 * machine may take; below an answer of a function counts what its ResultSelector names.
 *
 * @param input paths that each execution has from the beginning
 */
export function unresolvedPaths(machine: StateMachine, input: Known = new Set(['$'])): string[] {
  const problems = new Set<string>();
  walk(machine, input, problems);
  return [...problems].sort();
}

function walk(machine: StateMachine, input: Known, problems: Set<string>): void {
  const reached = new Map<string, Known>();
  const queue: [string, Known][] = [[machine.StartAt, input]];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, arriving] = next;
    const before = reached.get(name);
    // What is there whichever way was taken.
    const known = before ? new Set([...before].filter((path) => arriving.has(path))) : arriving;
    if (before && known.size === before.size) continue;
    reached.set(name, known);
    const state = machine.States[name];
    if (!state) {
      problems.add(`${name}: there is no such state`);
      continue;
    }
    check(name, state, known, problems);
    queue.push(...following(state, known));
  }
  for (const name of Object.keys(machine.States)) if (!reached.has(name)) problems.add(`${name}: nothing leads to it`);
}

function check(name: string, state: State, known: Known, problems: Set<string>): void {
  const need = (path: string, paths: Known = known) => {
    if (!resolves(path, paths)) problems.add(`${name}: ${path}`);
  };
  switch (state.Type) {
    case 'Task':
      for (const path of pathsIn(state.Parameters.Payload)) need(path);
      break;
    case 'Choice': {
      let present = known;
      for (const rule of state.Choices) present = checkRule(rule, present, need);
      break;
    }
    case 'Map': {
      need(state.ItemsPath);
      for (const path of pathsIn(state.ItemSelector)) need(path);
      walk(state.ItemProcessor, new Set(['$', ...keysOf(state.ItemSelector).map((key) => `$.${key}`)]), problems);
      break;
    }
    case 'Parallel':
      for (const branch of state.Branches) walk(branch, known, problems);
      break;
    case 'Fail':
      for (const path of state.CausePath.match(/\$[\w.]*/g) ?? []) need(path);
      break;
  }
}

/** `And` goes on only while its rules hold, so a path that must be present is there for the next one. */
function checkRule(rule: Rule, known: Known, need: (path: string, paths: Known) => void): Known {
  if (rule.And) {
    let inside = known;
    for (const part of rule.And) {
      if (part.IsPresent) inside = new Set([...inside, part.Variable as string]);
      else inside = checkRule(part, inside, need);
    }
  } else if (rule.Variable !== undefined) need(rule.Variable, known);
  return known;
}

function following(state: State, known: Known): [string, Known][] {
  const out: [string, Known][] = [];
  if (state.Type === 'Choice') {
    for (const { Next } of state.Choices) out.push([Next, known]);
    out.push([state.Default, known]);
  }
  if ('Next' in state && state.Next !== undefined) out.push([state.Next, with_(known, state)]);
  for (const { ResultPath, Next } of ('Catch' in state && state.Catch) || []) {
    // Error is always there; Cause is not: a timeout has none.
    out.push([Next, ResultPath === null ? known : new Set([...known, ResultPath, `${ResultPath}.Error`])]);
  }
  return out;
}

function with_(known: Known, state: State): Known {
  if (!('ResultPath' in state) || !state.ResultPath) return known;
  const { ResultPath } = state;
  const selector = 'ResultSelector' in state ? state.ResultSelector : undefined;
  const below = Object.entries(selector ?? {}).flatMap(([key, value]) => {
    const path = `${ResultPath}.${key.replace(/\.\$$/, '')}`;
    const [, branch] = /^\$\[(\d+)\]$/.exec(value as string) ?? [];
    if (branch === undefined || state.Type !== 'Parallel') return [path];
    return [path, ...answersOf(state.Branches[Number(branch)] as StateMachine).map((name) => `${path}.${name}`)];
  });
  return new Set([...known, ResultPath, ...below]);
}

/** What a branch of one Task answers. */
function answersOf({ States, StartAt }: StateMachine): string[] {
  const state = States[StartAt];
  return state?.Type === 'Task' ? keysOf(state.ResultSelector ?? {}) : [];
}

function resolves(path: string, known: Known): boolean {
  return path.startsWith('$$.') || known.has(path);
}

function pathsIn(template: Template | readonly Template[]): string[] {
  return Object.entries(template).flatMap(([key, value]) => {
    if (key.endsWith('.$')) return [value as string];
    return typeof value === 'object' ? pathsIn(value as Template) : [];
  });
}

function keysOf(template: Template): string[] {
  return Object.keys(template).map((key) => key.replace(/\.\$$/, ''));
}
