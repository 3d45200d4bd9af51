import type {
  CloudfrontDistributionDefaultCacheBehavior,
  CloudfrontDistributionDefaultCacheBehaviorFunctionAssociation,
  CloudfrontDistributionOrderedCacheBehavior,
} from '@cdktf/provider-aws/lib/cloudfront-distribution';

/**
 * Policies that AWS keeps under the same ids in every account.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const MANAGED = {
  cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  /** A day unless the file says otherwise, without query, headers and cookies; compressed. */
  cachingOptimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  allViewerExceptHostHeader: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
};

/** Origins of a distribution, by their ids in it. */
export const API_ORIGIN = 'api';
export const SITE_ORIGIN = 'site';

/** Where the model server answers which items are like another one, which is the same for all customers. */
export const SIMILAR_ITEMS_PATH = '/v1/items/*/similar';
/** What the model server answers, beside a site. */
export const API_PATHS = ['/v1/*', '/v2/*'];

const READ = ['GET', 'HEAD', 'OPTIONS'];
const ALL = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const COMMON = { viewerProtocolPolicy: 'https-only', cachedMethods: ['GET', 'HEAD'], compress: true };

type Behavior = CloudfrontDistributionDefaultCacheBehavior;

/** Of the API: handed on as it came, with its credentials, and kept by nobody. */
export function apiBehavior(responseHeadersPolicyId: string, functionArn?: string): Behavior {
  return {
    ...COMMON,
    targetOriginId: API_ORIGIN,
    allowedMethods: ALL,
    cachePolicyId: MANAGED.cachingDisabled,
    originRequestPolicyId: MANAGED.allViewerExceptHostHeader,
    responseHeadersPolicyId,
    functionAssociation: functionAssociation(functionArn),
  };
}

/** Of answers that are the same for all customers: kept for a while by the given policy, whose key goes to the origin. */
export function sharedBehavior(
  cachePolicyId: string,
  responseHeadersPolicyId: string,
  functionArn?: string,
): CloudfrontDistributionOrderedCacheBehavior {
  return {
    ...COMMON,
    pathPattern: SIMILAR_ITEMS_PATH,
    targetOriginId: API_ORIGIN,
    allowedMethods: READ,
    cachePolicyId,
    responseHeadersPolicyId,
    functionAssociation: functionAssociation(functionArn),
  };
}

/** Of files: kept for long, and asked for over TLS whatever a link says. */
export function siteBehavior(responseHeadersPolicyId: string): Behavior {
  return {
    ...COMMON,
    viewerProtocolPolicy: 'redirect-to-https',
    targetOriginId: SITE_ORIGIN,
    allowedMethods: READ,
    cachePolicyId: MANAGED.cachingOptimized,
    responseHeadersPolicyId,
  };
}

function functionAssociation(
  functionArn: string | undefined,
): CloudfrontDistributionDefaultCacheBehaviorFunctionAssociation[] | undefined {
  return functionArn === undefined ? undefined : [{ eventType: 'viewer-request', functionArn }];
}
