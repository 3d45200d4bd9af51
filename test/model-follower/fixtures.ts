import pino, { type Logger } from 'pino';
import type { Progress, RolloutTarget } from '../../model-follower/src';

/** A cluster in this process, where a rollout gets on as a test says. */
export class TestTarget implements RolloutTarget {
  /** What was pinned, one after the other. */
  readonly pins: string[] = [];
  next: Progress = { verdict: 'progressing', reason: '1 of 2 pods are new' };
  /** Thrown by the next calls, as by an API server that is away. */
  away: Error | undefined;

  constructor(
    readonly takenBackBy: 'follower' | 'target' = 'follower',
    private version: string | undefined = 'seed',
  ) {}

  async pinned(): Promise<string | undefined> {
    this.answer();
    return this.version;
  }

  async pin(version: string): Promise<boolean> {
    this.answer();
    if (this.version === version) return false;
    this.version = version;
    this.pins.push(version);
    return true;
  }

  async progress(): Promise<Progress> {
    this.answer();
    return this.next;
  }

  private answer(): void {
    if (this.away) throw this.away;
  }
}

/** A logger, and the lines that it wrote. */
export function logged(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) });
  return { logger, lines };
}
