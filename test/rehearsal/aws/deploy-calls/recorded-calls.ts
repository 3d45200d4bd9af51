import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MadeCall } from '@cdktf-recommender/rehearsal';
import type { Call } from '../role-expectation';
import { neededCalls } from './needed-calls';

const FOLDER = join(__dirname, '..', 'calls');
const END = '.txt';

/**
 * What IAM decides on while an area is deployed, changed, planned and destroyed, as `calls/<area>.txt` has it, a line
 * a call: `npm test` holds the deploy role against it. With RECORD_CALLS=true, the area's rehearsal writes it.
 */
export class RecordedCalls {
  private readonly file: string;

  constructor(area: string) {
    this.file = join(FOLDER, `${area}${END}`);
  }

  /** Areas that have such a list. */
  static areas(): string[] {
    return readdirSync(FOLDER).map((name) => name.slice(0, -END.length));
  }

  all(): Call[] {
    return this.lines().map(callOfLine);
  }

  /**
   * What was made beyond the list, and what of the list wasn't. Reads may be missing: how often a provider looks, and so
   * what it sees, is a matter of time.
   */
  async faults(made: readonly MadeCall[]): Promise<{ readonly beyond: string[]; readonly stale: string[] }> {
    const lines = linesOf(await neededCalls(made));
    if (process.env.RECORD_CALLS === 'true') writeFileSync(this.file, `${lines.join('\n')}\n`);
    const [found, kept] = [new Set(lines), new Set(this.lines())];
    const reads = /^[\w-]+:(BatchGet|Describe|GET|Get|List|View)/;
    return {
      beyond: lines.filter((line) => !kept.has(line)),
      stale: [...kept].filter((line) => !found.has(line) && !reads.test(line)),
    };
  }

  private lines(): string[] {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8').trim().split('\n') : [];
  }
}

/** One line a call, each once, in order: `action resource key=value …`. */
export function linesOf(calls: readonly Call[]): string[] {
  const line = ({ action, resource, context = {} }: Call) =>
    [action, resource, ...Object.entries(context).map(([key, value]) => `${key}=${value}`)].join(' ');
  return [...new Set(calls.map(line))].sort();
}

function callOfLine(line: string): Call {
  const [action = '', resource = '', ...context] = line.split(' ');
  if (context.length === 0) return { action, resource };
  return { action, resource, context: Object.fromEntries(context.map((one) => one.split(/=(.*)/s).slice(0, 2))) };
}
