import { asWritten } from '../../../rehearsal/src/checkov/as-written';

interface Resource {
  readonly type: string;
  readonly mode?: 'managed' | 'data';
  readonly values: object;
  readonly expressions: object;
}

/** The values that are left of one resource's. */
function left({ type, mode = 'managed', values, expressions }: Resource): object {
  const address = `${type}.one`;
  const plan = {
    format_version: '1.2',
    planned_values: { root_module: { resources: [{ address, mode, type, values }] } },
    configuration: { root_module: { resources: [{ address, mode, type, expressions }] } },
  };
  const { planned_values, ...rest } = JSON.parse(asWritten(JSON.stringify(plan)));
  expect(rest).toEqual({ format_version: '1.2', configuration: plan.configuration });
  expect(planned_values.root_module.resources).toEqual([expect.objectContaining({ address, mode, type })]);
  return planned_values.root_module.resources[0].values;
}

const constant = (value: unknown) => ({ constant_value: value });

it('leaves out what the provider filled in', () => {
  const values = { bucket: 'shop-prod-models', logging: [], arn: 'arn:aws:s3:::shop-prod-models' };
  expect(left({ type: 'aws_s3_bucket', values, expressions: { bucket: constant('shop-prod-models') } })).toEqual({
    bucket: 'shop-prod-models',
  });
});

it('keeps an attribute that has no value, which some rules want to see', () => {
  const values = { from_port: 443, cidr_ipv4: null };
  expect(
    left({ type: 'aws_vpc_security_group_ingress_rule', values, expressions: { from_port: constant(443) } }),
  ).toEqual(values);
});

it('keeps attributes whole, lists and maps, whatever they were made of', () => {
  const values = { subnet_ids: ['a', 'b'], tags: { project: 'shop' }, policy: '{"Version":"2012-10-17"}' };
  const expressions = { subnet_ids: { references: ['aws_subnet.a'] }, tags: constant({ project: 'shop' }), policy: {} };
  expect(left({ type: 'aws_lambda_function', values, expressions })).toEqual(values);
});

it('leaves out of blocks what none of them sets, with a value or without', () => {
  const container = (name: string, port: object[]) => ({ name, image_pull_policy: 'IfNotPresent', port, env_from: [] });
  const port = { container_port: 8080, host_port: 0, host_ip: null };
  const values = { spec: [{ container: [container('server', [port]), container('proxy', [])], host_ipc: false }] };
  const written = [
    { name: constant('server'), port: [{ container_port: constant(8080) }] },
    { name: constant('proxy') },
  ];
  expect(left({ type: 'kubernetes_deployment_v1', values, expressions: { spec: [{ container: written }] } })).toEqual({
    spec: [
      {
        container: [
          { name: 'server', port: [{ container_port: 8080 }] },
          { name: 'proxy', port: [] },
        ],
      },
    ],
  });
});

it('takes blocks of a set together, since their order is not that of the configuration', () => {
  const rule = (name: string, more: object) => ({ name, action: [], override_action: [], ...more });
  const values = { rule: [rule('managed', { override_action: [{}] }), rule('rate', { action: [{}] })] };
  const expressions = {
    rule: [
      { name: constant('rate'), action: [{}] },
      { name: constant('managed'), override_action: [{}] },
    ],
  };
  expect(left({ type: 'aws_wafv2_web_acl', values, expressions })).toEqual(values);
});

it('knows what each of several is written as', () => {
  const resource = (address: string, more: object) => ({ address, mode: 'managed', ...more });
  const plan = {
    planned_values: {
      root_module: {
        resources: [
          resource('aws_route53_record.One["a.example"]', { values: { name: 'a.example', fqdn: 'a.example' } }),
        ],
      },
    },
    configuration: {
      root_module: {
        resources: [resource('aws_route53_record.One', { expressions: { name: constant('a.example') } })],
      },
    },
  };
  const [one] = JSON.parse(asWritten(JSON.stringify(plan))).planned_values.root_module.resources;
  expect(one.values).toEqual({ name: 'a.example' });
});

it('leaves what is only looked up as it is', () => {
  const values = { name: 'shop/model-server', registry_id: '123456789012' };
  expect(left({ type: 'aws_ecr_repository', mode: 'data', values, expressions: {} })).toEqual(values);
});

it('fails on what is no plan', () => {
  expect(() => asWritten('{}')).toThrow('planned_values');
});
