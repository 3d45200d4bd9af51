import { TerraformOutput } from 'cdktf';
import { Cache, CacheShape, Database, Network, Port, SecurityGroup, ServiceRole } from '../../../../constructs/aws';
import type { Area } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const role = (id: string, roleName: string, description: string) =>
      new ServiceRole(stack, id, { roleName, description, service: 'lambda.amazonaws.com' });
    const server = role('Server', 'shop-prod-server', 'Answers requests');
    const migrations = role('Migrations', 'shop-prod-migrations', 'Makes users and tables');
    const nodes = new SecurityGroup(stack, 'Nodes', {
      network,
      groupName: 'shop-prod-nodes',
      description: 'The nodes',
    });
    const output = (name: string, value: string) => new TerraformOutput(stack, name, { value, staticId: true });

    const database = new Database(stack, 'Database', {
      instanceName: 'shop-prod',
      network,
      version: '18',
      instanceClass: 'db.t4g.small',
      multiAz: true,
      storage: { initialGib: 50, maxGib: 200 },
      backupRetentionDays: 14,
      maintenanceWindow: 'mon:04:00-mon:05:00',
      protection,
      finalSnapshot: protection,
    });
    database.connections.allowFrom(nodes, Port.tcp(database.port), 'The model server keeps experiments here');
    database.grants.connect(server, 'model_server');
    database.grants.readAdministrator(migrations);
    output('database_id', database.resource.resourceId);
    output('administrator_secret_arn', database.administratorSecretArn);
    output('database_key_arn', database.key.keyArn);

    const cache = new Cache(stack, 'Cache', {
      cacheName: 'shop-prod',
      network,
      shape: CacheShape.sharded({ shards: 2, replicas: 1 }),
      nodeType: 'cache.t4g.small',
      login: 'iam',
      whenFull: 'evict',
      protection,
      finalSnapshot: protection,
    });
    cache.connections.allowFrom(nodes, Port.tcp(cache.port), 'The model server keeps answers in it');
    cache.grants.connect(server);
    new Cache(stack, 'Histories', {
      cacheName: 'shop-prod-histories',
      network,
      shape: CacheShape.replicated(),
      protection,
      finalSnapshot: protection,
    });
  },
};
