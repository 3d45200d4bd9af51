import type { SynthesizedStack } from '../synthesized/synthesized-stack';

/** Something that a guard found. */
export interface Finding {
  /** An error fails the synth, a warning is told. */
  readonly severity: 'error' | 'warning';
  /** Path of the construct: `aws-prod/Network/NatGateway`. */
  readonly path: string;
  /** The figure, the limit and what to change. */
  readonly message: string;
}

/** Holds stacks to a promise, by what they synthesize to. */
export interface Guard {
  /** @param stacks all that the promise is about; a construct of the last one carries what is of no single construct */
  check(stacks: readonly SynthesizedStack[]): readonly Finding[];
}
