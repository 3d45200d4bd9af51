import { parseConfig } from '../../src';
import { deployNeeds } from '../../src/config/deploy-needs';

const config = (aws: object, notify = 'oncall@shop.test', environment: object = {}) =>
  parseConfig(
    {
      owner: 'shop',
      budget: { notify: [notify] },
      environments: {
        prod: {
          ...environment,
          aws: {
            accountId: '482910375566',
            endpointAccess: 'private',
            adminPrincipalArns: ['arn:aws:iam::482910375566:role/deploy'],
            state: { kind: 's3', bucket: 'state', region: 'us-east-1' },
            ...aws,
          },
        },
      },
    },
    'test',
  );

test('with nothing left of the example, a deploy needs the image only', () => {
  expect(deployNeeds(config({}), 'prod', 'aws')).toEqual([
    "the model server's image by digest: TF_VAR_image=<registry>/<path>@sha256:<digest>",
  ]);
});

test.each([
  [{ accountId: '111111111111' }, undefined, 'environments.prod.aws.accountId: 111111111111 is an example'],
  [
    { endpointAccess: { public: { cidrs: ['203.0.113.0/24'] } } },
    undefined,
    'environments.prod.aws.endpointAccess: 203.0.113.0/24 is an example; name the ranges you deploy from',
  ],
  [
    {},
    'oncall@example.com',
    'budget.notify: oncall@example.com is an example; nobody would hear that the budget is spent',
  ],
])('what was left of the example is named: %j %s', (aws, notify, need) => {
  expect(deployNeeds(config(aws, notify), 'prod', 'aws')).toContain(need);
});

test.each([
  ['recommendations.shop.example.com', 'oncall@shop.test', '.hostname: recommendations.shop.example.com is an example'],
  [
    'api.shop.test',
    'oncall@example.org',
    '.certificate.email: oncall@example.org is an example, which certificate authorities refuse',
  ],
])('so is what was left of the gateway: %s %s', (hostname, email, need) => {
  const authentication = { kind: 'jwt', issuer: 'shop', audiences: ['api'], jwksUri: 'https://login.shop.test/keys' };
  const gateway = { hostname, certificate: { kind: 'acme', email }, authentication };
  const needs = deployNeeds(config({}, undefined, { gateway }), 'prod', 'aws');
  expect(needs.slice(1)).toEqual([`environments.prod.gateway${need}`]);
});

test("so is the address of the issuer's keys", () => {
  const jwksUri = 'https://login.example.com/keys';
  const authentication = { kind: 'jwt', issuer: 'shop', audiences: ['api'], jwksUri };
  const gateway = { hostname: 'api.shop.test', certificate: { kind: 'secret', secretName: 'tls' }, authentication };
  const needs = deployNeeds(config({}, undefined, { gateway }), 'prod', 'aws');
  expect(needs.slice(1)).toEqual([`environments.prod.gateway.authentication.jwksUri: ${jwksUri} is an example`]);
});

test("so is the digest of the traces' collector", () => {
  const needs = (digit: string) => {
    const traces = { collectorImage: `registry.shop.test/collector@sha256:${digit.repeat(64)}` };
    return deployNeeds(config({}, undefined, { traces }), 'prod', 'aws').slice(1);
  };
  expect(needs('a')).toEqual([]);
  expect(needs('0')).toEqual([
    expect.stringMatching(/^environments\.prod\.traces\.collectorImage: registry\.shop\.test.* is an example$/),
  ]);
});
