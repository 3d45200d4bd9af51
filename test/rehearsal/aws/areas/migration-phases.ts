import { DatabaseMigration, type MigrationPhase, Network, Peer, SecretStore } from '../../../../constructs/aws';
import type { Area, AreaOptions } from '../area';

/** A migration in the phase that it is asked for. */
export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, options) => {
    const { protection, phase } = options as AreaOptions & { readonly phase: MigrationPhase };
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const logins = new SecretStore(stack, 'Logins', { storeName: 'shop-prod', secretNames: ['login'], protection });
    const secret = { arn: logins.secrets[0]?.arn ?? '', keyArn: logins.key.keyArn };
    new DatabaseMigration(stack, 'Migration', {
      migrationName: 'shop-prod',
      network,
      source: { databaseName: 'shop', secret, location: Peer.addresses('192.0.2.10/32') },
      target: { databaseName: 'recommender', secret, location: Peer.addresses('192.0.2.20/32') },
      phase,
    });
  },
};
