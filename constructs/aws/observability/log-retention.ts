import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { type IAspect, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { LogRetentionDays } from './log-group';

/**
 * Has every log group of a stack keep its lines for so many days at least, whatever construct made it. Attach it to a
 * stack, not to the app, where CDKTF never visits it: `Aspects.of(stack).add(new LogRetention(365))`.
 */
export class LogRetention implements IAspect {
  constructor(private readonly leastDays: LogRetentionDays) {}

  visit(node: IConstruct): void {
    if (!TerraformResource.isTerraformResource(node) || node.terraformResourceType !== 'aws_cloudwatch_log_group')
      return;
    const group = node as CloudwatchLogGroup;
    // One without a number keeps them for ever.
    if (group.retentionInDaysInput) group.retentionInDays = Math.max(group.retentionInDaysInput, this.leastDays);
  }
}
