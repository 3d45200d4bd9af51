import { ApplicationLoadBalancer, type ApplicationLoadBalancerProps, Network } from '../../../constructs/aws';
import { KEEP_ALIVE_SECONDS } from '../../../src/model-server/serving';
import { hclOf, named, onAws } from './fixtures';

const withProps = (props: Partial<ApplicationLoadBalancerProps> = {}) =>
  onAws((stack) => {
    new ApplicationLoadBalancer(stack, 'LoadBalancer', {
      loadBalancerName: 'shop-prod',
      network: new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' }),
      targetType: 'ip',
      domainName: 'api.shop.example.com',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
      ...props,
    });
  });
const defaults = withProps();

test.each([
  [undefined, true, /Network_Private1/],
  ['network', true, /Network_Private1/],
  ['internet', false, /Network_Public1/],
] as const)('with reach %p, it is internal: %p', (reach, internal, subnet) => {
  const balancer = withProps({ reach }).resource('aws_lb');
  expect(balancer.internal).toBe(internal);
  expect(balancer.subnets).toEqual([expect.stringMatching(subnet), expect.any(String)]);
});

test.each(['Listener', 'TestListener'])('its %s speaks TLS 1.3, or 1.2 with forward secrecy', (id) => {
  expect(named(defaults, 'aws_lb_listener', `LoadBalancer_${id}`)).toMatchObject({
    protocol: 'HTTPS',
    ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    certificate_arn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
    lifecycle: { ignore_changes: ['default_action'] },
  });
});

test('callers begin with blue, tests with green', () => {
  const weights = (id: string) => {
    const [action] = named(defaults, 'aws_lb_listener', `LoadBalancer_${id}`).default_action as [
      { forward: { target_group: { arn: string; weight: number }[] } },
    ];
    return action.forward.target_group.map(({ arn, weight }) => [/Targets_(Blue|Green)/.exec(arn)?.[1], weight]);
  };
  expect(weights('Listener')).toEqual([
    ['Blue', 100],
    ['Green', 0],
  ]);
  expect(weights('TestListener')).toEqual([
    ['Green', 100],
    ['Blue', 0],
  ]);
});

test('on HTTP it says that it is HTTPS', () => {
  expect(named(defaults, 'aws_lb_listener', 'LoadBalancer_Redirect')).toMatchObject({
    port: 80,
    protocol: 'HTTP',
    default_action: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', status_code: 'HTTP_301' } }],
  });
});

test('it drops headers that are none, and lets go of an idle connection before the server does', () => {
  const balancer = defaults.resource('aws_lb');
  expect(balancer).toMatchObject({ drop_invalid_header_fields: true });
  expect(balancer.idle_timeout).toBeLessThan(KEEP_ALIVE_SECONDS);
});

test('nobody may connect: its group has no rules', () => {
  expect(defaults.resource('aws_security_group').description).toBe('The load balancer of shop-prod');
  expect(defaults.resourceTypes().filter((type) => type.startsWith('aws_vpc_security_group_'))).toEqual([]);
});

test('without being told, nothing is logged and no web ACL looks at requests', () => {
  expect(defaults.resource('aws_lb')).not.toHaveProperty('access_logs');
  expect(defaults.resourceTypes()).not.toContain('aws_wafv2_web_acl_association');
  const told = withProps({ accessLogs: { bucketName: 'logs', prefix: 'shop' }, webAclArn: 'arn:acl' });
  expect(told.resource('aws_lb').access_logs).toEqual({ bucket: 'logs', prefix: 'shop', enabled: true });
  expect(told.resource('aws_wafv2_web_acl_association').web_acl_arn).toBe('arn:acl');
});

test.each([
  [undefined, true],
  [false, false],
])('with protection %p, a destroy is refused by Terraform and by the service: %p', (protection, refused) => {
  expect(withProps({ protection }).resource('aws_lb')).toMatchObject({
    enable_deletion_protection: refused,
    lifecycle: { prevent_destroy: refused },
  });
});

test('fails when its name is not one that the names of its parts can begin with', () => {
  expect(() => withProps({ loadBalancerName: '1shop' })).toThrow(
    'test/LoadBalancer: loadBalancerName is 1shop; it must be 2 to 24 lowercase letters, digits and hyphens, beginning with a letter.',
  );
});

test('the HCL', async () => {
  expect(await hclOf(defaults, 'LoadBalancer')).toMatchSnapshot();
});
