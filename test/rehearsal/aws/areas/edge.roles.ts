import { flowLogsRole } from '../parts/flow-logs-role';
import type { Call, RoleExpectation } from '../role-expectation';

// `{{name}}` is the area's output of that name, where AWS chooses an id.
const STORE = '{{store_arn}}';
const OTHER_STORE = 'arn:aws:cloudfront::123456789012:key-value-store/00000000-0000-4000-8000-000000000000';
const ZONE = 'arn:aws:route53:::hostedzone/{{zone_id}}';
const OTHER_ZONE = 'arn:aws:route53:::hostedzone/Z00000000000000000000';

const on = (resource: string, ...actions: string[]): Call[] => actions.map((action) => ({ action, resource }));

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-other'),
  {
    role: 'shop-prod-promoter',
    wildcards: ['ListHostedZones', 'ListHostedZonesByName'].map((call) => ({
      action: `route53:${call}`,
      why: 'external-dns looks its zone up by name, and lists take no resource',
    })),
    allowed: [
      ...on(
        STORE,
        'cloudfront-keyvaluestore:DescribeKeyValueStore',
        'cloudfront-keyvaluestore:ListKeys',
        'cloudfront-keyvaluestore:UpdateKeys',
      ),
      ...on(ZONE, 'route53:ChangeResourceRecordSets', 'route53:ListResourceRecordSets'),
      ...on('*', 'route53:ListHostedZones'),
    ],
    denied: [
      ...on(
        OTHER_STORE,
        'cloudfront-keyvaluestore:DescribeKeyValueStore',
        'cloudfront-keyvaluestore:ListKeys',
        'cloudfront-keyvaluestore:UpdateKeys',
      ),
      ...on(STORE, 'cloudfront-keyvaluestore:PutKey', 'cloudfront-keyvaluestore:DeleteKey'),
      ...on(STORE, 'cloudfront:UpdateKeyValueStore', 'cloudfront:DeleteKeyValueStore'),
      ...on(OTHER_ZONE, 'route53:ChangeResourceRecordSets', 'route53:ListResourceRecordSets'),
      ...on(ZONE, 'route53:DeleteHostedZone', 'route53:DisableHostedZoneDNSSEC', 'route53:GetHostedZone'),
      ...on(
        'arn:aws:cloudfront::123456789012:function/shop-prod',
        'cloudfront:UpdateFunction',
        'cloudfront:PublishFunction',
      ),
      ...on('*', 'cloudfront:CreateInvalidation', 'route53:CreateHostedZone'),
    ],
  },
];
