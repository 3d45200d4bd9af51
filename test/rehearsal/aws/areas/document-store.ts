import { MongodbatlasProvider } from '@cdktf/provider-mongodbatlas/lib/provider';
import { TerraformOutput } from 'cdktf';
import { Network, SecurityGroup } from '../../../../constructs/aws';
import { DocumentStore } from '../../../../constructs/aws/document-store';
import type { Area } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    new MongodbatlasProvider(stack, 'Atlas');
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const nodes = new SecurityGroup(stack, 'Nodes', { network, groupName: 'nodes', description: 'The nodes' });
    const store = new DocumentStore(stack, 'Documents', {
      storeName: 'shop-prod',
      organizationId: '0123456789abcdef01234567',
      network,
      size: 'M30',
      backupRetentionDays: 30,
      protection,
      retainBackups: protection,
    });
    new TerraformOutput(stack, 'documents_key_arn', { value: store.encryption?.key.keyArn, staticId: true });
    store.connections.allowFrom(nodes, DocumentStore.PORTS, 'The catalogue keeps its items in it');
  },
};
