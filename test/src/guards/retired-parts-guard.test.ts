import { RetiredPartsGuard } from '../../../src/guards/retired-parts-guard';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';

const today = new Date('2026-11-22T12:00:00Z');
const guard = new RetiredPartsGuard({ today });

const at = (path: string, block: object) => ({ Part_1: { ...block, '//': { metadata: { path } } } });
const check = (type: string, block: object, one = guard) =>
  one.check([new SynthesizedStack('shop', { resource: { [type]: at('shop/Part/Resource', block) } })]);

test.each<[string, string, object]>([
  ['a resource type', 'aws_appmesh_mesh', { name: 'shop' }],
  ['a service that ends later', 'azurerm_redis_cache', { name: 'shop' }],
  [
    'a chart',
    'helm_release',
    { repository: 'https://charts.bitnami.com/bitnami/', chart: 'redis', version: '20.1.0', values: ['{}'] },
  ],
  [
    'an image that a chart is told to take',
    'helm_release',
    {
      repository: 'https://charts.example.com',
      chart: 'shop',
      version: '1.0.0',
      values: ['server: { image: { repository: quay.io/minio/minio, tag: 1.0.0 } }'],
    },
  ],
  ['an image of a container', 'kubernetes_pod_v1', { spec: { container: [{ image: 'grafana/promtail:3.2.0' }] } }],
  ['an image without digest or version', 'aws_lambda_function', { image_uri: 'registry.example.com/shop:latest' }],
  ['the same in JSON', 'aws_ecs_task_definition', { container_definitions: '[{"name":"server","image":"shop"}]' }],
  [
    'a chart in no exact version',
    'helm_release',
    { repository: 'https://charts.example.com', chart: 'shop', version: '^1.2' },
  ],
  ['a chart without version', 'helm_release', { repository: 'https://charts.example.com', chart: 'shop' }],
  ['Kubernetes whose support has ended', 'aws_eks_cluster', { version: '1.33' }],
  ['Kubernetes whose support is about to end', 'aws_eks_cluster', { version: '1.34' }],
  ['the same on Azure', 'azurerm_kubernetes_cluster', { kubernetes_version: '1.34.2' }],
  ['a database', 'aws_db_instance', { engine: 'postgres', engine_version: '13.4' }],
  ['a database of Azure', 'azurerm_postgresql_flexible_server', { version: '14' }],
  ['a cache', 'aws_elasticache_replication_group', { engine_version: '5.0.6' }],
])('finds %s', (_, type, block) => {
  const [finding, ...more] = check(type, block);
  expect(more).toEqual([]);
  expect(finding).toMatchSnapshot();
});

test.each<[string, string, object]>([
  ['a version that is known at the deploy', 'aws_eks_cluster', { version: `\${var.version}` }],
  ['a version without a known end', 'azurerm_kubernetes_cluster', { kubernetes_version: '1.36' }],
  ['another engine', 'aws_db_instance', { engine: 'mysql', engine_version: '8.0' }],
  ['Valkey', 'aws_elasticache_replication_group', { engine: 'valkey', engine_version: '8.0' }],
  ['an image that is known at the deploy', 'aws_lambda_function', { image_uri: `\${var.image}` }],
  ["CodeBuild's own image", 'aws_codebuild_project', { environment: { image: 'aws/codebuild/standard:7.0' } }],
  ['a chart in a folder', 'helm_release', { chart: './charts/shop' }],
  ['values that are no YAML', 'helm_release', { chart: './charts/shop', values: ['a: b: c'] }],
])('lets %s be', (_, type, block) => {
  expect(check(type, block)).toEqual([]);
});

test('warns as far ahead as it is told to', () => {
  const version = { version: '1.34' };
  expect(check('aws_eks_cluster', version, new RetiredPartsGuard({ today, warnDays: 9 }))).toEqual([]);
  expect(check('aws_eks_cluster', version, new RetiredPartsGuard({ today, warnDays: 10 }))).toHaveLength(1);
});
