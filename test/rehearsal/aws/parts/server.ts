import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { Construct } from 'constructs';
import { ModelStore, Network, SecretStore, type ServerComputeProps, WebAcl } from '../../../../constructs/aws';
import { CapacityPlan, ServiceLevelObjective } from '../../../../src';
import { ACCOUNT_ID, REGION } from '../area';

export const IMAGE = `${ACCOUNT_ID}.dkr.ecr.${REGION}.amazonaws.com/shop/model-server@sha256:${'a'.repeat(64)}`;

/** What a model server without Kubernetes is given, with every option on. */
export function serverProps(stack: Construct, serviceName: string, protection: boolean): ServerComputeProps {
  const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
  const bucketName = `shop-prod-models-${ACCOUNT_ID}`;
  const modelStore = new ModelStore(stack, 'ModelStore', { bucketName, protection });
  const secrets = new SecretStore(stack, 'Secrets', { storeName: 'shop-prod', secretNames: ['users-url'], protection });
  const capacity = new CapacityPlan();
  const aclName = `${serviceName}-server`;
  const acl = { aclName, placement: 'region', capacity, refuseAnonymous: true, protection } as const;
  const { webAclArn } = new WebAcl(stack, 'WebAcl', acl);
  return {
    serviceName,
    network,
    image: IMAGE,
    modelStore,
    modelVersion: 'b'.repeat(64),
    capacity,
    slo: new ServiceLevelObjective(),
    environment: { RECOMMENDER_JWKS_URI: 'https://id.example.com/.well-known/jwks.json' },
    secrets: {
      RECOMMENDER_USERS: { secretArn: secrets.secrets[0]?.arn as string, keyArn: secrets.key.keyArn, field: 'url' },
    },
    loadBalancer: {
      domainName: 'api.shop.example.com',
      certificateArn: new AcmCertificate(stack, 'Certificate', {
        domainName: 'api.shop.example.com',
        validationMethod: 'DNS',
        lifecycle: { createBeforeDestroy: true },
      }).arn,
      reach: 'internet',
      webAclArn,
      accessLogs: { bucketName: accessLogs(stack).bucket, prefix: serviceName },
    },
    protection,
  };
}

function accessLogs(stack: Construct): S3Bucket {
  return new S3Bucket(stack, 'AccessLogs', { bucket: `shop-prod-access-logs-${ACCOUNT_ID}`, forceDestroy: true });
}
