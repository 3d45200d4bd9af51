import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../src';
import type { IWorkloadIdentity, WorkloadIdentityProps } from '../contracts';
import { type IGrantee, type PolicyStatement, policyDocument } from './policy-document';

export interface PodIdentityProps extends WorkloadIdentityProps {
  /** Name of the role, at most 64 characters. */
  readonly roleName: string;
  readonly clusterName: string;
  readonly clusterArn: string;
}

/** On every node: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const POD_IDENTITY_AGENT = { cidr: '169.254.170.23/32', port: 80 };

/**
 * An IAM role that the pods of one service account of one cluster act as, by EKS Pod Identity. It may do nothing until
 * it is granted something.
 */
export class PodIdentity extends Construct implements IWorkloadIdentity, IGrantee {
  readonly namespace: string;
  readonly serviceAccountName: string;
  /** Pod Identity needs none: the association names the service account. */
  readonly serviceAccountAnnotations = {};
  readonly podLabels = {};
  readonly credentialSources = [POD_IDENTITY_AGENT];
  readonly role: IamRole;
  readonly association: EksPodIdentityAssociation;
  private readonly permissions: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: PodIdentityProps) {
    super(scope, id);
    this.namespace = props.namespace;
    this.serviceAccountName = props.serviceAccountName;
    this.role = this.addRole(props);
    this.association = new EksPodIdentityAssociation(this, 'Association', {
      clusterName: props.clusterName,
      namespace: props.namespace,
      serviceAccount: props.serviceAccountName,
      roleArn: this.role.arn,
    });
  }

  get ready(): ITerraformDependable[] {
    return [this.association, ...this.permissions];
  }

  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.permissions.push(
      new IamRolePolicy(this, name, { name, role: this.role.name, policy: policyDocument(...statements) }),
    );
  }

  /** Attaches a policy that AWS keeps. */
  addManagedPolicy(id: string, policyArn: string): void {
    this.permissions.push(new IamRolePolicyAttachment(this, id, { role: this.role.name, policyArn }));
  }

  private addRole({ roleName, clusterArn, namespace, serviceAccountName }: PodIdentityProps): IamRole {
    if (roleName.length > 64) {
      throw new ConfigError(
        `the role name ${roleName} has ${roleName.length} characters; IAM allows 64. Choose a shorter cluster or service account name.`,
        this,
      );
    }
    return new IamRole(this, 'Role', {
      name: roleName,
      description: `Pods of the service account ${namespace}/${serviceAccountName}`,
      assumeRolePolicy: policyDocument({
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        // EKS puts these tags on the session; without the conditions, any association in the account could use the role.
        Condition: {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': clusterArn,
            'aws:RequestTag/kubernetes-namespace': namespace,
            'aws:RequestTag/kubernetes-service-account': serviceAccountName,
          },
        },
      }),
    });
  }
}
