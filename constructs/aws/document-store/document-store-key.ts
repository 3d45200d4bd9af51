import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { CloudProviderAccessAuthorization } from '@cdktf/provider-mongodbatlas/lib/cloud-provider-access-authorization';
import { CloudProviderAccessSetup } from '@cdktf/provider-mongodbatlas/lib/cloud-provider-access-setup';
import { EncryptionAtRest } from '@cdktf/provider-mongodbatlas/lib/encryption-at-rest';
import { Construct } from 'constructs';
import { EncryptionKey } from '../encryption-key';
import { policyDocument } from '../policy-document';

interface DocumentStoreKeyProps {
  readonly storeName: string;
  readonly projectId: string;
  /** As Atlas writes it: `US_EAST_1`. */
  readonly region: string;
  readonly protection: boolean;
}

/** A key of one's own that Atlas encrypts a project's data with, by a role that only Atlas' account can act as. */
export class DocumentStoreKey extends Construct {
  readonly key: EncryptionKey;
  readonly role: IamRole;
  readonly resource: EncryptionAtRest;

  constructor(scope: Construct, id: string, { storeName, projectId, region, protection }: DocumentStoreKeyProps) {
    super(scope, id);
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: `atlas/${storeName}`,
      description: `Documents and backups of ${storeName} in MongoDB Atlas`,
      protection,
    });
    const access = new CloudProviderAccessSetup(this, 'Access', { projectId, providerName: 'AWS' });
    this.role = this.addRole(storeName, access);
    const authorization = new CloudProviderAccessAuthorization(this, 'Authorization', {
      projectId,
      roleId: access.roleId,
      aws: { iamAssumedRoleArn: this.role.arn },
      dependsOn: [this.addPermissions()],
    });
    this.resource = new EncryptionAtRest(this, 'Resource', {
      projectId,
      awsKmsConfig: [
        { enabled: true, customerMasterKeyId: this.key.resource.keyId, region, roleId: authorization.roleId },
      ],
    });
  }

  private addRole(storeName: string, access: CloudProviderAccessSetup): IamRole {
    const { atlasAwsAccountArn, atlasAssumedRoleExternalId } = access.awsConfig.get(0);
    return new IamRole(this, 'Role', {
      name: `${storeName}-atlas`,
      description: `MongoDB Atlas encrypts ${storeName} with it`,
      assumeRolePolicy: policyDocument({
        Effect: 'Allow',
        Principal: { AWS: atlasAwsAccountArn },
        Action: 'sts:AssumeRole',
        // Else another customer of Atlas could have it act as this role.
        Condition: { StringEquals: { 'sts:ExternalId': atlasAssumedRoleExternalId } },
      }),
    });
  }

  private addPermissions(): IamRolePolicy {
    return new IamRolePolicy(this, 'UseKey', {
      name: 'use-key',
      role: this.role.name,
      policy: policyDocument({
        Effect: 'Allow',
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey'],
        Resource: this.key.keyArn,
      }),
    });
  }
}
