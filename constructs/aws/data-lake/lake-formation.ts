import type { GlueCatalogTable } from '@cdktf/provider-aws/lib/glue-catalog-table';
import { LakeformationPermissions } from '@cdktf/provider-aws/lib/lakeformation-permissions';
import { LakeformationResource } from '@cdktf/provider-aws/lib/lakeformation-resource';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import { ServiceRole } from '../service-role';
import type { EventDelivery } from './event-delivery';
import { LakePermissions, type LakePrincipal } from './lake-permissions';
import type { LakeZone } from './lake-zone';

export interface LakeFormationProps {
  readonly lakeName: string;
  readonly raw: LakeZone;
  readonly clean: LakeZone;
  readonly curated: LakeZone;
  readonly key: EncryptionKey;
  /** What Firehose writes, in the columns of `events`. */
  readonly delivery: EventDelivery;
  readonly events: GlueCatalogTable;
  readonly principals: Readonly<Record<string, LakePrincipal>>;
}

const mayCurate = ({ may }: LakePrincipal) => may === 'curate';

/**
 * The zones' buckets, registered with Lake Formation, and who works with their tables through it.
 *
 * Access is hybrid: Lake Formation decides for the principals that are named, and IAM alone for everybody else, such as
 * Firehose, so no setting of the account has to change. The role is the lake's own: the service-linked one gathers every
 * location of the account, and no service control policy binds it. Source: "Service-linked role limitations", Lake
 * Formation's documentation.
 */
export class LakeFormation extends Construct {
  /** What Lake Formation hands out credentials of, cut down to a query's table. */
  readonly role: ServiceRole;
  readonly locations: readonly LakeformationResource[];

  constructor(scope: Construct, id: string, props: LakeFormationProps) {
    super(scope, id);
    const { raw, clean, curated } = props;
    this.check(props.principals);
    this.role = this.addRole(props);
    this.locations = [
      this.addZone('Raw', raw, props, () => false),
      this.addZone('Clean', clean, props, mayCurate),
      this.addZone('Curated', curated, props, mayCurate),
    ];
    this.letFirehoseConvert(props);
  }

  private check(principals: LakeFormationProps['principals']): void {
    const seen = new Map<string, string>();
    for (const [name, { arn }] of Object.entries(principals)) {
      if (!Token.isUnresolved(arn) && !/^arn:[\w-]+:iam::\d{12}:(role|user)\/.+$/.test(arn)) {
        throw new ConfigError(
          `lakeFormation's ${name} is ${arn}; it must be the ARN of an IAM role or user, arn:aws:iam::<account>:role/<name>.`,
          this,
        );
      }
      const other = seen.get(arn);
      if (other !== undefined) {
        throw new ConfigError(
          `lakeFormation names ${arn} as ${other} and as ${name}; who may curate may query, too: name it once.`,
          this,
        );
      }
      seen.set(arn, name);
    }
  }

  private addRole({ lakeName, raw, clean, curated, key }: LakeFormationProps): ServiceRole {
    const role = new ServiceRole(this, 'Role', {
      roleName: `${lakeName}-location`,
      description: `Lake Formation's access to the data of ${lakeName}`,
      service: 'lakeformation.amazonaws.com',
    });
    const buckets = [raw, clean, curated].map(({ resource }) => resource.arn);
    const writable = [clean, curated].map(({ resource }) => resource.arn);
    // The trailing * is the objects of these buckets.
    const objects = (arns: readonly string[]) => arns.map((arn) => `${arn}/*`);
    role.addPolicy('Data', [
      { Effect: 'Allow', Action: ['s3:GetBucketLocation', 's3:ListBucket'], Resource: buckets },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: objects(buckets) },
      {
        Effect: 'Allow',
        Action: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject'],
        Resource: objects(writable),
      },
      keyUse(this, { keyArn: key.keyArn, through: 's3', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
    return role;
  }

  /** In an account whose new tables are closed to IAM, Firehose can't see the columns otherwise. */
  private letFirehoseConvert({ delivery, events }: LakeFormationProps): void {
    new LakeformationPermissions(this, 'Delivery', {
      principal: delivery.role.arn,
      permissions: ['DESCRIBE', 'SELECT'],
      table: { databaseName: events.databaseName, name: events.name },
      dependsOn: [...this.locations],
    });
  }

  private addZone(
    id: string,
    zone: LakeZone,
    { principals }: LakeFormationProps,
    writes: (principal: LakePrincipal) => boolean,
  ): LakeformationResource {
    const scope = new Construct(this, id);
    const location = new LakeformationResource(scope, 'Resource', {
      arn: zone.resource.arn,
      roleArn: this.role.roleArn,
      hybridAccessEnabled: true,
      dependsOn: this.role.ready,
    });
    for (const [name, principal] of Object.entries(principals)) {
      new LakePermissions(scope, name, { principalArn: principal.arn, zone, writes: writes(principal), location });
    }
    return location;
  }
}
