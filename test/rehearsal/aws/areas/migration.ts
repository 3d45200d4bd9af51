import { TerraformOutput } from 'cdktf';
import {
  DatabaseMigration,
  MigrationAccountRoles,
  Network,
  Peer,
  SecretStore,
  SecurityGroup,
} from '../../../../constructs/aws';
import type { Area } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: { aws_dms_certificate: 'moto 5.2.1 has no action for certificates' },
  build: (stack, { protection, engine }) => {
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const logins = new SecretStore(stack, 'Logins', {
      storeName: 'shop-prod',
      secretNames: ['source-login', 'target-login'],
      protection,
    });
    const [sourceLogin, targetLogin] = logins.secrets.map(({ arn }) => ({ arn, keyArn: logins.key.keyArn }));
    if (!sourceLogin || !targetLogin) throw new Error('the store has two secrets');
    const outputs = {
      source_login_arn: sourceLogin.arn,
      target_login_arn: targetLogin.arn,
      logins_key_arn: logins.key.keyArn,
    };
    for (const [name, value] of Object.entries(outputs)) new TerraformOutput(stack, name, { value, staticId: true });
    const target = new SecurityGroup(stack, 'Target', { network, groupName: 'shop-prod', description: 'The database' });
    new DatabaseMigration(stack, 'Migration', {
      migrationName: 'shop-prod',
      network,
      accountRoles: new MigrationAccountRoles(stack, 'AccountRoles'),
      source: {
        databaseName: 'shop',
        secret: sourceLogin,
        location: Peer.addresses('192.0.2.10/32'),
        port: 5433,
        ...(engine === 'stand-in' && { certificateAuthority: '-----BEGIN CERTIFICATE-----\n' }),
      },
      target: { databaseName: 'recommender', secret: targetLogin, location: target },
      phase: 'cut-over',
      tables: [{ schema: 'public' }, { schema: 'orders', table: 'line%' }],
      instanceClass: 'dms.t3.medium',
      storageGib: 100,
      multiAz: true,
    });
  },
};
