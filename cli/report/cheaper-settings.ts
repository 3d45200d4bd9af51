import { AWS_PARTS, type AwsPart, hasPart, PROFILES } from '../../src/config/aws-parts';
import type { EnvironmentConfig } from '../../src/config/schema';

/** A setting of an environment that may cost less with another value. */
export interface CheaperSetting {
  /** Below the environment: `['aws', 'nat']`. */
  readonly path: readonly string[];
  /** Undefined leaves the setting out. */
  readonly value: unknown;
  readonly givesUp: string;
}

type Aws = NonNullable<EnvironmentConfig['aws']>;
type Azure = NonNullable<EnvironmentConfig['azure']>;

/** What could be set otherwise in an environment to pay less. Whether it does, and whether it may, is for others to find out. */
export function cheaperSettings({ aws, azure }: EnvironmentConfig): CheaperSetting[] {
  const inCloud = (cloud: string, settings: readonly CheaperSetting[]) =>
    settings.map((one) => ({ ...one, path: [cloud, ...one.path] }));
  return [
    ...(aws ? inCloud('aws', ofAws(aws)) : []),
    ...(azure ? inCloud('azure', ofAzure(azure)) : []),
    ...(aws && azure
      ? ['aws', 'azure'].map((cloud) => ({
          path: [cloud],
          value: undefined,
          givesUp: 'The second cloud: when the other one fails, nobody answers.',
        }))
      : []),
  ];
}

function ofAws(aws: Aws): CheaperSetting[] {
  const { zones, nat, node, database, cache, edge } = aws;
  const natPerZone = nat === 'per-zone' || (nat === undefined && hasPart(aws, 'natPerZone'));
  return [
    ...leanerProfiles(aws),
    ...partsOf(aws)
      // `nat` says the same.
      .filter((part) => part !== 'natPerZone')
      .map((part) => ({ path: ['parts', part], value: false, givesUp: AWS_PARTS[part] })),
    ...(zones > 2 ? [setting('zones', 2, 'A zone: with one of two lost, half of the nodes are left.')] : []),
    ...(natPerZone ? [setting('nat', 'one', 'Egress of all zones when the zone of the gateway fails.')] : []),
    ...(nat === 'none'
      ? []
      : [setting('nat', 'none', 'The internet, for nodes and pods: every image has to come from ECR.')]),
    ...smaller(EC2_TYPES, node.instanceType).map((value) => ({ path: ['node', 'instanceType'], ...value })),
    ...spot(node),
    ...smaller(DATABASES, database?.instanceClass).map((value) => ({ path: ['database', 'instanceClass'], ...value })),
    ...smaller(CACHES, cache?.nodeType).map((value) => ({ path: ['cache', 'nodeType'], ...value })),
    ...(cache
      ? [setting('cache', undefined, 'ElastiCache: a Valkey in the cluster holds the same, without its replica.')]
      : []),
    ...(edge?.botControl
      ? [{ path: ['edge', 'botControl'], value: false, givesUp: 'To know which callers are bots.' }]
      : []),
    ...(edge ? [setting('edge', undefined, 'CloudFront, its firewall and what it keeps at the edge.')] : []),
  ];
}

function ofAzure({ egress, node }: Azure): CheaperSetting[] {
  return [
    ...(egress === 'nat-gateway'
      ? [setting('egress', 'load-balancer', 'All but 1,024 connections of a node to one and the same server.')]
      : []),
    ...smaller(VM_SIZES, node.vmSize).map((value) => ({ path: ['node', 'vmSize'], ...value })),
  ];
}

const setting = (name: string, value: unknown, givesUp: string): CheaperSetting => ({ path: [name], value, givesUp });

const partsOf = (aws: Pick<Aws, 'profile' | 'parts'>): AwsPart[] =>
  (Object.keys(AWS_PARTS) as AwsPart[]).filter((part) => hasPart(aws, part));

function leanerProfiles(aws: Aws): CheaperSetting[] {
  return PROFILES.slice(0, PROFILES.indexOf(aws.profile)).map((profile) => {
    const left = partsOf({ ...aws, profile });
    const lost = partsOf(aws).filter((part) => !left.includes(part));
    return setting('profile', profile, `The parts ${lost.join(', ')}.`);
  });
}

interface Smaller {
  readonly value: string;
  readonly givesUp: string;
}

/** What takes the place of a size, by a pattern of its name. */
type Sizes = readonly (readonly [pattern: RegExp, value: string, givesUp: string])[];

const ARM = 'Machines of x86: the image has to be one for arm64.';
const HALF = 'Half of the CPU and the memory.';
const HALF_MEMORY = 'Half of the memory.';

const EC2_TYPES: Sizes = [
  [/^t3a?\.(.*)$/, 't4g.$1', ARM],
  [/^([cm])[5-7][ia]?\.(.*)$/, '$17g.$2', ARM],
  [/^m7g\.(.*)$/, 't4g.$1', 'CPU that is there all the time: a t4g has credits for what is above its baseline.'],
  [/^t4g\.large$/, 't4g.medium', HALF_MEMORY],
  [/^(.*)\.xlarge$/, '$1.large', HALF],
  [/^(.*)\.2xlarge$/, '$1.xlarge', HALF],
];
const VM_SIZES: Sizes = [
  [/^Standard_D(\d+)a?d?s_v\d$/, 'Standard_D$1ps_v6', ARM],
  [/^Standard_D(\d+)ps_v6$/, 'Standard_D$1pls_v6', HALF_MEMORY],
  [/^Standard_D4(p?l?s_v\d)$/, 'Standard_D2$1', HALF],
];
const DATABASES: Sizes = [
  [/^db\.t4g\.medium$/, 'db.t4g.small', HALF],
  [/^db\.t4g\.small$/, 'db.t4g.micro', HALF],
];
const CACHES: Sizes = [
  [/^cache\.t4g\.medium$/, 'cache.t4g.small', HALF],
  [/^cache\.t4g\.small$/, 'cache.t4g.micro', HALF],
];

function smaller(sizes: Sizes, now = ''): Smaller[] {
  return sizes.flatMap(([pattern, value, givesUp]) =>
    pattern.test(now) ? [{ value: now.replace(pattern, value), givesUp }] : [],
  );
}

/** Types that are much alike, by architecture: two are the least, since each has its own capacity to spare. */
const ALIKE = [
  ['t4g', 'm7g'],
  ['m6i', 'm7i'],
] as const;

function spot({ instanceType, spot }: Aws['node']): CheaperSetting[] {
  if (spot) return [];
  const [family = '', size] = instanceType.split('.');
  const [one, other] = ALIKE[/^[a-z]+\d+g/.test(family) ? 0 : 1];
  return [
    {
      path: ['node', 'spot'],
      value: { instanceTypes: [instanceType, `${family === one ? other : one}.${size}`] },
      givesUp: 'Nodes that stay: those above one a zone are taken back with two minutes of notice.',
    },
  ];
}
