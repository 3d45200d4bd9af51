import { LakeformationOptIn } from '@cdktf/provider-aws/lib/lakeformation-opt-in';
import {
  LakeformationPermissions,
  type LakeformationPermissionsConfig,
} from '@cdktf/provider-aws/lib/lakeformation-permissions';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { LakeZone } from './lake-zone';

/** Somebody who works with a lake's tables through Lake Formation. */
export interface LakePrincipal {
  /** ARN of an IAM role or user. An administrator of Lake Formation may do everything anyway, and is not named. */
  readonly arn: string;
  /** `query` reads every zone; `curate` also makes, fills and drops tables of clean and curated. */
  readonly may: 'query' | 'curate';
}

export interface LakePermissionsProps {
  readonly principalArn: string;
  readonly zone: LakeZone;
  /** Makes, fills and drops tables, too. */
  readonly writes: boolean;
  /** The zone's bucket, registered. */
  readonly location: ITerraformDependable;
}

/** What a principal may do in a zone, with tables that are made later, too. IAM's word alone no longer lets it in. */
export class LakePermissions extends Construct {
  private readonly principal: string;
  private readonly dependsOn: ITerraformDependable[];

  constructor(scope: Construct, id: string, { principalArn, zone, writes, location }: LakePermissionsProps) {
    super(scope, id);
    this.principal = principalArn;
    this.dependsOn = [location];
    const { name } = zone.database;
    this.allow('Database', writes ? ['CREATE_TABLE', 'DESCRIBE'] : ['DESCRIBE'], { database: { name } });
    // A table that is made anew is dropped first, whoever made it.
    this.allow('Tables', writes ? ['ALTER', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'] : ['DESCRIBE', 'SELECT'], {
      table: { databaseName: name, wildcard: true },
    });
    if (writes) this.allow('Location', ['DATA_LOCATION_ACCESS'], { dataLocation: { arn: zone.resource.arn } });
    this.optIn(name);
  }

  private allow(
    id: string,
    permissions: string[],
    resource: Pick<LakeformationPermissionsConfig, 'database' | 'table' | 'dataLocation'>,
  ): void {
    const { principal, dependsOn } = this;
    new LakeformationPermissions(this, id, { principal, permissions, ...resource, dependsOn });
  }

  private optIn(databaseName: string): void {
    // AWS answers with the catalogue's id: without it here, each plan would make them anew.
    const catalogId = AwsAccount.of(this).accountId;
    const principal = [{ dataLakePrincipalIdentifier: this.principal }];
    const { dependsOn } = this;
    new LakeformationOptIn(this, 'DatabaseOptIn', {
      principal,
      resourceData: [{ database: [{ catalogId, name: databaseName }] }],
      dependsOn,
    });
    new LakeformationOptIn(this, 'TablesOptIn', {
      principal,
      resourceData: [{ table: [{ catalogId, databaseName, wildcard: true }] }],
      dependsOn,
    });
  }
}
