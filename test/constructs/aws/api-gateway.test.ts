import type { TerraformStack } from 'cdktf';
import {
  ApiGateway,
  type ApiGatewayProps,
  Certificate,
  DnsZone,
  LambdaBackend,
  Network,
  PrivateBackend,
  RECOMMENDER_ROUTES,
  SecurityGroup,
} from '../../../constructs/aws';
import { ROUTE_SCOPES } from '../../../model-server/src/security/scopes';
import { CapacityPlan } from '../../../src';
import { named, onAws, rendered } from './fixtures';

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:111122223333:function:shop-prod-api:live';
const lambda = new LambdaBackend({ functionName: 'shop-prod-api', functionArn: FUNCTION_ARN, qualifier: 'live' });

const add = (stack: TerraformStack, props: Partial<ApiGatewayProps> = {}) =>
  new ApiGateway(stack, 'Api', {
    apiName: 'shop-prod',
    backend: lambda,
    tokens: { issuer: 'https://login.example.com', audiences: ['recommender'] },
    capacity: new CapacityPlan(),
    ...props,
  });
const api = (props: Partial<ApiGatewayProps> = {}) => onAws((stack) => void add(stack, props));
const plain = api();

interface Route {
  readonly route_key: string;
  readonly authorization_type: string;
  readonly authorization_scopes?: string[];
}
const routesOf = (stack: typeof plain) =>
  Object.values(stack.resources('aws_apigatewayv2_route')) as unknown as Route[];

test('every route asks for a token of the issuer, for one of the audiences', () => {
  expect(plain.resource('aws_apigatewayv2_authorizer')).toMatchObject({
    authorizer_type: 'JWT',
    jwt_configuration: { issuer: 'https://login.example.com', audience: ['recommender'] },
  });
  expect(routesOf(plain)).toHaveLength(RECOMMENDER_ROUTES.length);
  expect(routesOf(plain).map((route) => route.authorization_type)).toEqual(RECOMMENDER_ROUTES.map(() => 'JWT'));
});

test('each route is one of the model server, with the scope that the server asks for', () => {
  for (const { routeKey, scopes } of RECOMMENDER_ROUTES) {
    const ofServer = routeKey.replace(/\{(\w+)\}/g, ':$1');
    expect([routeKey, scopes]).toEqual([routeKey, [ROUTE_SCOPES[ofServer], 'admin']]);
  }
  const route = routesOf(plain).find(({ route_key }) => route_key === 'POST /v1/events');
  expect(route?.authorization_scopes).toEqual(['events:write', 'admin']);
});

test('nothing else of the server is let through: no default route, no metrics', () => {
  expect(routesOf(plain).map(({ route_key }) => route_key)).not.toContain('$default');
  expect(routesOf(plain).filter(({ route_key }) => /metrics|livez|\/v2/.test(route_key))).toEqual([]);
});

test('the rate is that of the capacity plan, of some routes a share of it', () => {
  // 10,000 people who ask every 10 seconds.
  expect(plain.resource('aws_apigatewayv2_stage')).toMatchObject({
    default_route_settings: { throttling_rate_limit: 1000, throttling_burst_limit: 2000 },
    route_settings: [
      { route_key: 'POST /v1/events', throttling_rate_limit: 500, throttling_burst_limit: 1000 },
      { route_key: 'DELETE /v1/users/{user}', throttling_rate_limit: 10 },
      { route_key: 'GET /v1/model', throttling_rate_limit: 10 },
    ],
  });
  const small = api({ capacity: new CapacityPlan({ concurrentUsers: 15 }) });
  expect(small.resource('aws_apigatewayv2_stage')).toMatchObject({
    default_route_settings: { throttling_rate_limit: 2 },
    route_settings: [{}, { throttling_rate_limit: 1 }, {}],
  });
});

test('the access log is JSON without query, token and body, encrypted, for 30 days', () => {
  const { format } = plain.resource('aws_apigatewayv2_stage').access_log_settings as { format: string };
  expect(format).toMatch(/^\$\{jsonencode\(/);
  const logged = [...format.matchAll(/\$\$?context\.([\w.]+)/g)].map(([, name]) => name);
  expect(logged).toEqual(expect.arrayContaining(['requestId', 'routeKey', 'status', 'authorizer.error']));
  expect(logged.filter((name) => /path|query|header|sub$/i.test(name ?? ''))).toEqual([]);
  expect(plain.resource('aws_cloudwatch_log_group')).toMatchObject({
    name: '/aws/apigateway/shop-prod',
    retention_in_days: 30,
    kms_key_id: expect.stringContaining('aws_kms_key.Api_LogGroup_Key'),
    lifecycle: { prevent_destroy: true },
  });
});

test('no page of another origin may call it, but those that are named', () => {
  expect(plain.resource('aws_apigatewayv2_api')).not.toHaveProperty('cors_configuration');
  const open = api({ corsOrigins: ['https://shop.example.com'] });
  expect(open.resource('aws_apigatewayv2_api').cors_configuration).toMatchObject({
    allow_origins: ['https://shop.example.com'],
    allow_methods: ['GET', 'POST'],
  });
});

describe('a backend', () => {
  test('that is a function may be invoked by this API only', () => {
    expect(plain.resource('aws_lambda_permission')).toMatchObject({
      function_name: 'shop-prod-api',
      qualifier: 'live',
      principal: 'apigateway.amazonaws.com',
      source_arn: expect.stringMatching(/aws_apigatewayv2_api\.Api_.+\.execution_arn\}\/\*\/\*$/),
    });
    expect(plain.resource('aws_apigatewayv2_integration')).toMatchObject({
      integration_type: 'AWS_PROXY',
      integration_uri: FUNCTION_ARN,
      payload_format_version: '2.0',
    });
  });

  test('in a VPC is reached by a link from the private subnets, over TLS with its own name', () => {
    const stack = onAws((stack) => {
      const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
      const balancer = { network, groupName: 'shop-prod-server', description: 'The model server' };
      const listenerArn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/shop/1/2';
      const loadBalancer = new SecurityGroup(stack, 'Server', balancer);
      const backend = new PrivateBackend({ network, listenerArn, serverName: 'origin.example.com', loadBalancer });
      add(stack, { backend });
    });
    expect(stack.resource('aws_apigatewayv2_integration')).toMatchObject({
      integration_type: 'HTTP_PROXY',
      connection_type: 'VPC_LINK',
      tls_config: { server_name_to_verify: 'origin.example.com' },
    });
    expect(stack.resource('aws_apigatewayv2_vpc_link').subnet_ids).toHaveLength(2);
    expect(stack.resource('aws_vpc_security_group_ingress_rule')).toMatchObject({
      from_port: 443,
      security_group_id: expect.stringContaining('aws_security_group.Server_'),
      referenced_security_group_id: expect.stringContaining('Api_VpcLinkGroup'),
    });
  });
});

describe('with a name of its own', () => {
  const named_ = (placement: 'edge' | 'region', callerAuthorities?: { truststoreUri: string }) =>
    onAws((stack) => {
      const zone = new DnsZone(stack, 'Zone', { domainName: 'shop.example.com' });
      const domainNames = ['api.shop.example.com'] as const;
      const certificate = new Certificate(stack, 'Certificate', { zone, domainNames: [...domainNames], placement });
      add(stack, { domain: { zone, certificate, callerAuthorities } });
    });
  const stack = named_('region', { truststoreUri: 's3://authorities/callers.pem' });

  test("nothing answers under AWS's name", () => {
    expect(stack.resource('aws_apigatewayv2_api').disable_execute_api_endpoint).toBe(true);
    expect(plain.resource('aws_apigatewayv2_api').disable_execute_api_endpoint).toBe(false);
  });

  test('it speaks TLS 1.2 and up, asks callers for certificates where told to, and its name leads to it', () => {
    expect(stack.resource('aws_apigatewayv2_domain_name')).toMatchObject({
      domain_name: 'api.shop.example.com',
      domain_name_configuration: { security_policy: 'TLS_1_2', endpoint_type: 'REGIONAL' },
      mutual_tls_authentication: { truststore_uri: 's3://authorities/callers.pem' },
    });
    expect(named(stack, 'aws_route53_record', 'Api_Domain_Alias')).toMatchObject({
      name: 'api.shop.example.com',
      type: 'A',
    });
    expect(named_('region').resource('aws_apigatewayv2_domain_name')).not.toHaveProperty('mutual_tls_authentication');
  });

  test('fails with a certificate of the edge', () => {
    expect(() => named_('edge')).toThrow(
      "domain.certificate has placement 'edge'; API Gateway takes those with placement 'region'",
    );
  });
});

test("without a name of its own its address is AWS's", () => {
  expect(rendered((stack) => add(stack).url)).toMatch(/aws_apigatewayv2_api\.Api_.+\.api_endpoint/);
});

test.each<[Partial<ApiGatewayProps>, string]>([
  [{ apiName: 'shop prod' }, 'apiName is shop prod; it must be 1 to 64 letters, digits and hyphens.'],
  [
    { tokens: { issuer: 'http://login.example.com', audiences: ['a'] } },
    'tokens.issuer is http://login.example.com; it must be an https:// address',
  ],
  [{ corsOrigins: ['*'] }, 'corsOrigins has *; it must be origins of pages, such as https://shop.example.com'],
  [
    { routes: [{ routeKey: '$default' }] },
    'routes has $default; it must be a method and a path, such as GET /v1/model.',
  ],
  [
    { routes: [{ routeKey: 'GET /v1/model', rateShare: 2 }] },
    'routes has GET /v1/model with rateShare 2; it must be above 0, and 1 at most.',
  ],
])('fails on %j', (props, message) => {
  expect(() => api(props)).toThrow(message);
});

test('the HCL of the API', async () => {
  const hcl = await plain.hcl();
  const start = hcl.indexOf('resource "aws_apigatewayv2_api"');
  const end = hcl.indexOf('resource "aws_apigatewayv2_route"');
  expect(hcl.slice(start, end)).toMatchSnapshot();
});
