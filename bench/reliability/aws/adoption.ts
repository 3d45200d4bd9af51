import { errorText, type OpenStack, RehearsalError } from '@cdktf-recommender/rehearsal';
import { Existing } from './existing';

/** What was done so that an apply goes through where an earlier one was lost. */
export interface Adoption {
  /** Addresses of what existed already and was imported. */
  readonly imported: readonly string[];
  /** Errors of the last apply, where none went through. */
  readonly failed?: string;
  readonly applies: number;
}

const MOST_APPLIES = 10;
const MOST_LOOKS = 3;

/**
 * Applies; where that fails, looks for what is there already although the state doesn't know of it, imports it by
 * Terraform's own import blocks, and applies again.
 */
export async function applyAdopting(
  stack: OpenStack,
  account: string,
  imports = new Map<string, string>(),
): Promise<Adoption> {
  for (let applies = 1; ; applies++) {
    const { exitCode, output } = await stack.tryApply();
    const failed = exitCode === 0 ? undefined : errorText(output);
    if (!failed || applies === MOST_APPLIES) return { imported: [...imports.keys()], failed, applies };
    await adopt(stack, account, imports);
  }
}

/** Adds to `imports` what exists. An import makes more of the next plan known, and with it more can be found. */
export async function adopt(stack: OpenStack, account: string, imports: Map<string, string>): Promise<void> {
  const existing = new Existing((call) => stack.moto.call(call), account);
  for (let look = 0; look < MOST_LOOKS; look++) {
    const before = imports.size;
    for (const change of await createdBy(stack)) {
      if (imports.has(change.address)) continue;
      const id = await existing.idOf(change);
      if (id) imports.set(change.address, id);
    }
    if (imports.size === before) return;
    await stack.write('imports.tf.json', { import: [...imports].map(([to, id]) => ({ to, id })) });
  }
}

/** Nothing when an AWS that fails now and then lets no plan through: the next round asks again. */
async function createdBy(stack: OpenStack) {
  try {
    const { changes } = await stack.plan();
    return changes.filter(({ actions }) => actions.length === 1 && actions[0] === 'create');
  } catch (error) {
    if (error instanceof RehearsalError) return [];
    throw error;
  }
}
