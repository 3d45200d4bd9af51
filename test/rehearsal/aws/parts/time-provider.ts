import { TimeProvider } from '@cdktf/provider-time/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/** The provider of pauses, once in a stack, whichever of its areas wants it. */
export function needTimeProvider(scope: Construct): void {
  const stack = TerraformStack.of(scope);
  if (!stack.node.tryFindChild('Time')) new TimeProvider(stack, 'Time');
}
