import type { ConfigInput } from '../../src';
import { parseConfig } from '../../src';

type Aws = NonNullable<NonNullable<ConfigInput['environments']['dev']>['aws']>;

const AWS = {
  accountId: '111122223333',
  endpointAccess: { public: { cidrs: ['203.0.113.0/24'] } },
  adminPrincipalArns: ['arn:aws:iam::111122223333:role/deploy'],
  state: { kind: 's3', bucket: 'terraform-state', region: 'us-east-1' },
} satisfies Aws;

const AZURE = {
  subscriptionId: '11111111-2222-4333-8444-555555555555',
  endpointAccess: 'private',
  adminGroupObjectIds: ['11111111-2222-4333-8444-555555555556'],
  state: { kind: 'local' },
} as const;

const config = (changes: object = {}, aws: object = {}) => ({
  owner: 'shop',
  budget: { notify: ['oncall@shop.test'] },
  environments: { dev: { aws: { ...AWS, ...aws } } },
  ...changes,
});
const parse = (input: unknown) => parseConfig(input, 'recommender.config.ts');

test('defaults are filled in', () => {
  const parsed = parse(config());
  expect(parsed).toMatchObject({
    project: 'recommender',
    slo: { availabilityPercent: 99.9, latencyP99Ms: 100, windowDays: 30 },
    capacity: { concurrentUsers: 10_000, minReplicas: 2, maxReplicas: 50 },
    budget: { monthlyUsd: 500, thresholdsPercent: [50, 80, 100] },
    providerVersions: {},
  });
  expect(parsed.environments.dev?.aws).toMatchObject({
    region: 'us-east-1',
    workloads: 'deploy',
    callers: [],
    profile: 'lean',
    node: { instanceType: 't4g.large' },
  });
  expect(parsed.environments.dev).toMatchObject({ delivery: { kind: 'rolling' }, autoscaling: { kind: 'cpu' } });
});

test('fails with every mistake at once, each with its place and what is allowed', () => {
  const wrong = {
    owner: '',
    slo: { latencyP99Ms: 42 },
    capacity: { minReplicas: 5, maxReplicas: 1 },
    budget: { notify: ['nobody'] },
    providerVersions: { gcp: '1.0.0' },
    environments: {
      dev: { aws: { ...AWS, accountId: '42', regoin: 'us-east-1' } },
      prod: { aws: { ...AWS, state: { kind: 'local' } } },
    },
  };
  expect(() => parse(wrong)).toThrow(
    `recommender.config.ts has 8 mistakes:
  owner: must not be empty (received "")
  slo.latencyP99Ms is 42; allowed are the histogram's buckets: 5, 10, 25, 50, 75, 100, 150, 250, 500, 1000, 2500.
  capacity.maxReplicas is 1; it must be a whole number from minReplicas (5) to 1000.
  budget.notify.0: must be an e-mail address (received "nobody")
  providerVersions: unknown key gcp; allowed are aws, azurerm, kubernetes, helm, time
  environments.dev.aws.accountId: must be 12 digits (received "42")
  environments.dev.aws: unknown key regoin; allowed are profile, parts, accountId, region, endpointAccess, adminPrincipalArns, viewerPrincipalArns, kubernetesVersion, existingCluster, networkCidr, zones, nat, node, workloads, callers, peer, domain, edge, database, cache, backup, dataLake, retraining, costAnomalies, securityContacts, permissionsBoundaryArn, state
  environments.prod.aws.state: prod refuses local state: it is lost with the machine and locks nobody out. Use kind: 's3'; ops/bootstrap/aws.yaml makes the store`,
  );
});

test('prod refuses local state on Azure too, and names the template that makes the store', () => {
  const azure = {
    subscriptionId: '00000000-0000-4000-8000-000000000001',
    endpointAccess: 'private',
    adminGroupObjectIds: ['00000000-0000-4000-8000-00000000000a'],
    state: { kind: 'local' },
  };
  expect(() => parse(config({ environments: { prod: { azure } } }))).toThrow(
    /environments\.prod\.azure\.state: prod refuses local state: .* Use kind: 'azurerm'; ops\/bootstrap\/azure\.json makes the store/,
  );
});

test.each([
  ['nothing', undefined, 'the config: is missing; expected an object'],
  ['a text', 'aws', 'the config: must be an object (received "aws")'],
  ['no owner', config({ owner: undefined }), 'owner: is missing; expected a string'],
  [
    'a number for a text',
    config({}, { accountId: 111122223333 }),
    'environments.dev.aws.accountId: must be a string (received 111122223333)',
  ],
  [
    'an unknown key',
    config({ budgets: 1 }),
    'the config: unknown key budgets; allowed are project, owner, costCenter, slo, ',
  ],
  [
    'an unknown environment',
    config({ environments: { production: {} } }),
    'environments: unknown key production; allowed are dev, staging, prod',
  ],
  ['no environment', config({ environments: {} }), 'environments: names no environment; there are dev, staging, prod'],
  [
    'no cloud',
    config({ environments: { dev: {} } }),
    'environments.dev: names neither `aws` nor `azure`, so there is nothing to deploy',
  ],
  [
    'a canary without a gateway',
    config({ environments: { dev: { delivery: { kind: 'canary' }, aws: AWS } } }),
    "environments.dev.delivery: splits requests at the gateway, so it needs `gateway`. Add it, or use kind: 'rolling'",
  ],
  [
    'rules that refuse what it asks for',
    config({ environments: { dev: { podPolicies: {}, caches: ['answers'], aws: AWS } } }),
    "environments.dev.podPolicies: refuses images without a digest, such as that of `caches`. Use action: 'warn'",
  ],
  [
    'a hostname with a scheme',
    config({
      environments: {
        dev: {
          gateway: {
            hostname: 'https://api.shop.test',
            certificate: { kind: 'secret', secretName: 'tls' },
            authentication: { kind: 'none' },
          },
          aws: AWS,
        },
      },
    }),
    'environments.dev.gateway.hostname: must be a full name in lowercase letters, digits and hyphens',
  ],
  [
    'a network that is no /16',
    config({}, { networkCidr: '10.64.0.0/20' }),
    'environments.dev.aws.networkCidr: must be a /16 such as 10.64.0.0/16: the subnets are cut from it (received "10.64.0.0/20")',
  ],
  [
    'a network that begins inside of a /16',
    config({}, { networkCidr: '10.64.1.0/16' }),
    'environments.dev.aws.networkCidr: must be a /16 such as 10.64.0.0/16',
  ],
  [
    "a network that overlaps another environment's",
    config({ environments: { dev: { aws: AWS }, prod: { aws: { ...AWS, networkCidr: '10.64.0.0/16' } } } }),
    'environments.prod.aws.networkCidr: overlaps 10.64.0.0/16, which is the network of environments.dev.aws; left out, it is 10.66.0.0/16 (received "10.64.0.0/16")',
  ],
  [
    "a network that overlaps the other cloud's",
    config({ environments: { dev: { aws: { ...AWS, networkCidr: '10.72.0.0/16' }, azure: AZURE } } }),
    'environments.dev.aws.networkCidr: overlaps 10.72.0.0/16, which is the network of environments.dev.azure; left out, it is 10.64.0.0/16 (received "10.72.0.0/16")',
  ],
  [
    'two networks in one range that was chosen for both',
    config({
      environments: {
        dev: { aws: { ...AWS, networkCidr: '10.9.0.0/16' } },
        prod: { aws: { ...AWS, networkCidr: '10.9.0.0/16' } },
      },
    }),
    'environments.prod.aws.networkCidr: overlaps 10.9.0.0/16, which is the network of environments.dev.aws',
  ],
  ['NAT gateways of another kind', config({}, { nat: 'single' }), 'environments.dev.aws.nat: '],
  [
    'fewer nodes at most than at least',
    config({}, { node: { count: { min: 5, max: 2 } } }),
    'environments.dev.aws.node.count: min must not be above max',
  ],
  [
    'a project that no service takes',
    config({ project: 'My_Shop' }),
    'project: must be 3 to 20 lowercase letters, digits and hyphens, beginning with a letter (received "My_Shop")',
  ],
])('fails with %s', (_, input, message) => {
  expect(() => parse(input)).toThrow(message);
});

test("the range of a cluster that exists is nobody's: it may name another's", () => {
  const input = config({
    environments: {
      dev: { aws: AWS },
      prod: { aws: { ...AWS, existingCluster: 'theirs', networkCidr: '10.64.0.0/16' } },
    },
  });
  expect(parse(input).environments.prod?.aws?.networkCidr).toBe('10.64.0.0/16');
});

describe("who may reach the cluster's API server", () => {
  const at = 'environments.dev.aws.endpointAccess';

  test.each([
    ['public', `${at}: must be 'private' or { public: { cidrs: ['203.0.113.0/24'] } } (received "public")`],
    [undefined, `${at}: must be 'private' or`],
    [{ public: { cidrs: [] } }, `${at}.public.cidrs: must name at least one range`],
    [
      { public: { cidrs: ['203.0.113.7'] } },
      `${at}.public.cidrs.0: must be an IPv4 range such as 203.0.113.0/24 (received "203.0.113.7")`,
    ],
    [
      { public: { cidrs: ['203.0.113.0/24', '0.0.0.0/0'] } },
      `${at}.public.cidrs.1: 0.0.0.0/0 opens the endpoint to the world`,
    ],
    [{ public: { cidrs: ['128.0.0.0/0'] } }, `${at}.public.cidrs.0: 0.0.0.0/0 opens the endpoint to the world`],
  ])('fails with %j', (endpointAccess, message) => {
    expect(() => parse(config({}, { endpointAccess }))).toThrow(message);
  });

  test.each(['private', { public: { cidrs: ['203.0.113.7/32'] } }])(
    'is %j when that is asked for',
    (endpointAccess) => {
      expect(parse(config({}, { endpointAccess })).environments.dev?.aws?.endpointAccess).toEqual(endpointAccess);
    },
  );
});

describe('local state', () => {
  const local = { ...AWS, state: { kind: 'local' } };

  test.each(['dev', 'staging'])('is taken in %s', (environment) => {
    expect(() => parse(config({ environments: { [environment]: { aws: local } } }))).not.toThrow();
  });

  test('fails in prod, also beside a mistake that hides half of the config', () => {
    const wrong = config({ owner: 7, environments: { prod: { aws: local } } });
    expect(() => parse(wrong)).toThrow(
      /2 mistakes:\n {2}owner: must be a string \(received 7\)\n {2}environments\.prod\.aws\.state: prod refuses/,
    );
  });

  test('is taken in a rehearsal of prod', () => {
    const rehearsal = { stateDirectory: '/tmp/state' };
    expect(parse(config({ rehearsal, environments: { prod: { aws: local } } })).rehearsal).toEqual(rehearsal);
  });
});

test("fails when the traces' collector is named by a tag", () => {
  const traces = { collectorImage: 'registry.shop.test/collector:0.150.0' };
  const wrong = config({ environments: { dev: { traces, aws: AWS } } });
  expect(() => parse(wrong)).toThrow('must be registry/path@sha256:<64 hex digits>');
});

describe('parts of AWS that do not go together', () => {
  const gateway = {
    hostname: 'origin.shop.test',
    certificate: { kind: 'secret', secretName: 'tls' },
    authentication: { kind: 'none' },
  };
  const domain = { name: 'shop.test' };
  const edge = { hostnames: ['api.shop.test'] };
  const parsed = (aws: object, choices: object = {}) =>
    parse(config({ environments: { dev: { ...choices, aws: { ...AWS, ...aws } } } }));

  test.each<[string, object, object, string]>([
    ['an edge without a domain', { edge }, { gateway }, 'dev.aws.edge: needs `domain`'],
    ['an edge without a gateway', { edge, domain }, {}, 'dev.aws.edge: needs `gateway`'],
    [
      'an edge of another domain',
      { edge, domain: { name: 'shop.example' } },
      { gateway: { ...gateway, hostname: 'origin.shop.example' } },
      'dev.aws.edge.hostnames.0: is api.shop.test, which is not in the domain shop.example',
    ],
    [
      'a gateway of another domain',
      { domain: { name: 'shop.example' } },
      { gateway },
      'not in the domain shop.example',
    ],
    ['a cache that nothing is kept in', { cache: {} }, {}, 'dev.aws.cache: needs `caches`'],
    [
      'a database beside a cluster of somebody else',
      { database: {}, existingCluster: 'shared' },
      {},
      'dev.aws.database: is in the network of the stack, which has none with `existingCluster`',
    ],
    ['lines of no trail', { parts: { auditTrailLogs: true } }, {}, 'dev.aws.parts.auditTrailLogs: needs `auditTrail`'],
    ['queries of no zone', { parts: { dnsQueryLogs: true } }, {}, 'dev.aws.parts.dnsQueryLogs: needs `domain`'],
    [
      'copies of no backup',
      { parts: { backup: false }, backup: { copyTo: 'eu-west-1' } },
      {},
      'dev.aws.backup: needs the part `backup`, whose backups are copied. Switch it on',
    ],
    [
      'copies beside the backups',
      { parts: { backup: true }, region: 'eu-west-1', backup: { copyTo: 'eu-west-1' } },
      {},
      'dev.aws.backup.copyTo: is eu-west-1, where the first vault is; choose another region',
    ],
    [
      'copies to no region',
      { parts: { backup: true }, backup: { copyTo: 'Ireland' } },
      {},
      'dev.aws.backup.copyTo: must be a region such as us-east-1',
    ],
    ['restores of no backup', { parts: { restoreTests: true } }, {}, 'dev.aws.parts.restoreTests: needs `backup`'],
  ])('%s is refused', (_, aws, choices, message) => {
    expect(() => parsed(aws, choices)).toThrow(message);
  });

  test('all that goes together is taken', () => {
    expect(() => parsed({ edge, domain, cache: {} }, { gateway, caches: ['histories'] })).not.toThrow();
  });

  test('a part that there is not is refused, with those that there are', () => {
    expect(() => parsed({ parts: { firewall: true } })).toThrow(
      'unknown key firewall; allowed are accessAnalyzer, accessLogs, auditTrail, auditTrailLogs, backup',
    );
  });
});

test('a suppression names a rule, says why in a sentence, and ends on a day', () => {
  const suppression = { rule: 'AWS-S3-001', path: 'aws-*/Site', reason: 'It is a public site, without secrets.' };
  expect(
    parse(config({ security: { suppressions: [{ ...suppression, until: '2027-03-31' }] } })).security.suppressions,
  ).toEqual([{ ...suppression, until: '2027-03-31' }]);
  expect(() =>
    parse(config({ security: { suppressions: [{ rule: 'S3', path: '', reason: 'why not', until: '2027-02-30' }] } })),
  ).toThrow(
    [
      '  security.suppressions.0.rule: must be the id of a rule of docs/security-rules.md (received "S3")',
      '  security.suppressions.0.path: must be the path of a construct (received "")',
      '  security.suppressions.0.reason: must be a sentence of 10 characters or more (received "why not")',
      '  security.suppressions.0.until: must be a day such as 2027-03-31 (received "2027-02-30")',
    ].join('\n'),
  );
});
