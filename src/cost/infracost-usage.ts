import type { Bill, CostLine } from './bill';

/** Infracost's usage file: what a month is assumed to be, by the addresses of resources. */
export interface InfracostUsage {
  readonly version: 0.1;
  readonly resource_usage: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const THOUSAND = 1e3;
const MILLION = 1e6;

/**
 * What Infracost calls an amount, and how many of its unit are one of the price's. Names are those of
 * https://github.com/infracost/infracost/blob/master/infracost-usage-example.yml, read in November 2026.
 */
const NAMES: Readonly<Record<string, readonly [name: string, factor: number]>> = {
  'aws/cloudtrail/data-events': ['monthly_data_events', MILLION],
  'aws/cloudtrail/insights': ['monthly_insight_events', MILLION],
  'aws/cloudwatch/logs': ['monthly_data_ingested_gb', 1],
  'aws/cloudwatch/logs/kept': ['storage_gb', 1],
  'aws/codebuild/large': ['monthly_build_mins', 1],
  'aws/codebuild/medium': ['monthly_build_mins', 1],
  'aws/codebuild/small': ['monthly_build_mins', 1],
  'aws/config/looks': ['monthly_rule_evaluations', THOUSAND],
  'aws/dynamodb/reads': ['monthly_read_request_units', MILLION],
  'aws/dynamodb/recovery': ['pitr_backup_storage_gb', 1],
  'aws/dynamodb/storage': ['storage_gb', 1],
  'aws/dynamodb/writes': ['monthly_write_request_units', MILLION],
  'aws/ecr': ['storage_gb', 1],
  'aws/efs': ['storage_gb', 1],
  'aws/lambda/calls': ['monthly_requests', MILLION],
  'aws/nat-gateway/data': ['monthly_data_processed_gb', 1],
  'aws/s3': ['standard.storage_gb', 1],
  'aws/sns': ['monthly_requests', MILLION],
  'aws/sqs': ['monthly_requests', MILLION],
  'aws/sqs/fifo': ['monthly_requests', MILLION],
  'aws/step-functions': ['monthly_transitions', THOUSAND],
  'aws/step-functions/express': ['monthly_requests', MILLION],
  'aws/vpc-endpoint/data': ['monthly_data_processed_gb', 1],
  'aws/waf/requests': ['monthly_requests', MILLION],
};

/**
 * The amounts that a bill expects, for Infracost to count with the same. What controllers make isn't Terraform's, so
 * Infracost doesn't see it; what has no name of Infracost's here is left out.
 */
export function infracostUsage({ lines, usage }: Pick<Bill, 'lines' | 'usage'>): InfracostUsage {
  const resources = new Map<string, Record<string, unknown>>();
  for (const line of lines.filter(({ madeBy }) => madeBy === undefined)) {
    const named = NAMES[line.price.id];
    if (!named) continue;
    const fields = resources.get(line.address) ?? {};
    resources.set(line.address, fields);
    put(fields, named[0].split('.'), amountOf(line, named[1]));
    if (line.type === 'aws_lambda_function') fields.request_duration_ms = usage.functionMilliseconds;
  }
  return {
    version: 0.1,
    resource_usage: Object.fromEntries([...resources].sort(([a], [b]) => a.localeCompare(b, 'en'))),
  };
}

/** Infracost takes whole numbers of requests, and parts of a GB. */
function amountOf({ quantity }: CostLine, factor: number): number {
  const amount = quantity.expected * factor;
  return factor === 1 ? Math.round(amount * THOUSAND) / THOUSAND : Math.round(amount);
}

function put(fields: Record<string, unknown>, [name = '', below]: readonly string[], value: number): void {
  fields[name] = below === undefined ? value : { [below]: value };
}
