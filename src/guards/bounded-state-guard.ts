import { unbounded } from '../retention/unbounded';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Finding, Guard } from './guard';

/**
 * Refuses what grows without an end: every store, log group, bucket, repository and scratch volume has a retention or a
 * size, or its construct says why it is kept for good (`keepForGood`).
 */
export class BoundedStateGuard implements Guard {
  check(stacks: readonly SynthesizedStack[]): Finding[] {
    return stacks.flatMap((stack) =>
      stack.resources
        .filter((resource) => stack.whyKept(resource) === undefined)
        .flatMap((resource) =>
          unbounded(resource, stack).map((problem): Finding => {
            const message = `${resource.address} ${problem}; or say by keepForGood() why it may stay.`;
            return { severity: 'error', path: resource.path, message };
          }),
        ),
    );
  }
}
