import { errorText, type OpenStack, type PlannedChange, RehearsalError } from '@cdktf-recommender/rehearsal';
import { Existing } from './existing';

export interface Applied {
  /** Errors of each apply, where none went through. */
  readonly failed?: string;
  readonly applies: number;
}

const MOST_APPLIES = 10;
const MOST_LOOKS = 3;

/** Takes a stack on from applies that failed or were killed, as docs/failed-deploys.md has it done. */
export class Adoption {
  /** What existed although the state didn't know of it: the id that it was imported by, by its address. */
  readonly imports = new Map<string, string>();
  /** Addresses of what was whole although its creation had failed. */
  readonly untainted = new Set<string>();

  private readonly existing: Existing;

  constructor(private readonly stack: OpenStack) {
    this.existing = new Existing((call) => stack.moto.call(call));
  }

  /** Applies; where that fails, adopts what is there already, and applies again. */
  async apply(): Promise<Applied> {
    const failures: string[] = [];
    for (let applies = 1; ; applies++) {
      const { exitCode, output } = await this.stack.tryApply();
      if (exitCode === 0) return { applies };
      failures.push(`apply ${applies}: ${errorText(output)}`);
      if (applies === MOST_APPLIES) return { failed: failures.join('\n'), applies };
      await this.adopt();
    }
  }

  /** An import, by Terraform's own import blocks, makes more of the next plan known, and with it more can be found. */
  async adopt(): Promise<void> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      const before = this.imports.size;
      for (const change of await this.planned()) {
        if (isInItsOwnWay(change)) await this.untaint(change);
        if (isNew(change)) await this.find(change);
      }
      if (this.imports.size === before) return;
      const blocks = [...this.imports].map(([to, id]) => ({ to, id }));
      await this.stack.write('imports.tf.json', { import: blocks });
    }
  }

  private async find(change: PlannedChange): Promise<void> {
    if (this.imports.has(change.address)) return;
    const id = await this.existing.idOf(change);
    if (id) this.imports.set(change.address, id);
  }

  /** The plan has just found it, and nothing of the emulated AWS is ever half made. */
  private async untaint({ address }: PlannedChange): Promise<void> {
    const { exitCode } = await this.stack.terraform('untaint', '-no-color', address);
    // Else the state could not be written: the next round asks again.
    if (exitCode === 0) this.untainted.add(address);
  }

  /** Nothing when an AWS that fails now and then lets no plan through: the next round asks again. */
  private async planned(): Promise<readonly PlannedChange[]> {
    try {
      return (await this.stack.plan()).changes;
    } catch (error) {
      if (error instanceof RehearsalError) return [];
      throw error;
    }
  }
}

const isNew = ({ actions }: PlannedChange) => actions.length === 1 && actions[0] === 'create';

/** Would be made again before it is deleted, which AWS refuses where it has a name of its own. */
const isInItsOwnWay = ({ actions, reason }: PlannedChange) =>
  reason === 'replace_because_tainted' && actions[0] === 'create';
