/** What a cloud promises of a service, in a month. Below it there is a credit: no promise is a measurement. */
export interface ServiceLevel {
  readonly service: string;
  readonly percent: number;
  /** What the promise is for. */
  readonly condition: string;
  readonly url: string;
  /** Day of the version that was read; absent where it wasn't seen. */
  readonly version?: string;
  /** Day on which it was looked up. */
  readonly readOn: string;
  /** Whether the publisher's own page was read; else it is what others quote of it. */
  readonly confirmed: boolean;
}

const READ_ON = '2026-11-22';
const AWS_COMPUTE = 'https://aws.amazon.com/compute/sla/';
const AWS_LOAD_BALANCING = 'https://aws.amazon.com/elasticloadbalancing/sla/';
/** One document for all services of Azure. */
const AZURE = 'https://www.microsoft.com/licensing/docs/view/Service-Level-Agreements-SLA-for-Online-Services';

/** Written out for each, because they are facts: a service, a condition, a figure and where it is from. */
export const SERVICE_LEVELS = {
  ec2Region: {
    service: 'EC2 in its region',
    percent: 99.99,
    condition: 'instances in two or more zones',
    url: AWS_COMPUTE,
    readOn: READ_ON,
    confirmed: false,
  },
  ec2Instance: {
    service: 'an EC2 instance',
    percent: 99.5,
    condition: 'a single instance',
    url: AWS_COMPUTE,
    readOn: READ_ON,
    confirmed: false,
  },
  fargateRegion: {
    service: 'Fargate in its region',
    percent: 99.99,
    condition: 'tasks in two or more zones',
    url: AWS_COMPUTE,
    readOn: READ_ON,
    confirmed: false,
  },
  elbZones: {
    service: 'Elastic Load Balancing',
    percent: 99.99,
    condition: 'a load balancer in two or more zones',
    url: AWS_LOAD_BALANCING,
    version: '2022-07-25',
    readOn: READ_ON,
    confirmed: true,
  },
  elbOneZone: {
    service: 'Elastic Load Balancing in one zone',
    percent: 99.9,
    condition: 'a load balancer in one zone',
    url: AWS_LOAD_BALANCING,
    version: '2022-07-25',
    readOn: READ_ON,
    confirmed: true,
  },
  cloudFront: {
    service: 'CloudFront',
    percent: 99.9,
    condition: 'requests without an internal error of its own',
    url: 'https://aws.amazon.com/cloudfront/sla/',
    version: '2022-05-05',
    readOn: READ_ON,
    confirmed: true,
  },
  route53: {
    service: 'Route 53',
    percent: 100,
    condition: 'public zones on all of their name servers',
    url: 'https://aws.amazon.com/route53/sla/',
    readOn: READ_ON,
    confirmed: false,
  },
  apiGateway: {
    service: 'API Gateway',
    percent: 99.95,
    condition: 'requests in a region',
    url: 'https://aws.amazon.com/api-gateway/sla/',
    version: '2022-05-05',
    readOn: READ_ON,
    confirmed: true,
  },
  lambda: {
    service: 'Lambda',
    percent: 99.95,
    condition: 'invocations in a region',
    url: 'https://aws.amazon.com/lambda/sla/',
    readOn: READ_ON,
    confirmed: false,
  },
  s3: {
    service: 'S3',
    percent: 99.9,
    condition: 'S3 Standard',
    url: 'https://aws.amazon.com/s3/sla/',
    version: '2023-11-28',
    readOn: READ_ON,
    confirmed: true,
  },
  eks: {
    service: "EKS's control plane",
    percent: 99.95,
    condition: 'the endpoint of a cluster',
    url: 'https://aws.amazon.com/eks/sla/',
    version: '2022-05-04',
    readOn: READ_ON,
    confirmed: true,
  },
  azureVmZones: {
    service: 'Azure VMs in their region',
    percent: 99.99,
    condition: 'two or more VMs in two or more zones',
    url: AZURE,
    readOn: READ_ON,
    confirmed: false,
  },
  azureVm: {
    service: 'an Azure VM',
    percent: 99.9,
    condition: 'a single VM whose disks are premium SSDs',
    url: AZURE,
    readOn: READ_ON,
    confirmed: false,
  },
  azureLoadBalancer: {
    service: 'Azure Load Balancer',
    percent: 99.99,
    condition: 'Standard, with two or more healthy VMs behind it',
    url: AZURE,
    readOn: READ_ON,
    confirmed: false,
  },
  azureDns: {
    service: 'Azure DNS',
    percent: 100,
    condition: 'public zones on at least one of their name servers',
    url: AZURE,
    readOn: READ_ON,
    confirmed: false,
  },
  azureFrontDoor: {
    service: 'Azure Front Door',
    percent: 99.99,
    condition: 'Standard and Premium',
    url: AZURE,
    readOn: READ_ON,
    confirmed: false,
  },
  blobStorage: {
    service: 'Blob Storage',
    percent: 99.9,
    condition: 'reads of the hot tier',
    url: AZURE,
    readOn: READ_ON,
    confirmed: false,
  },
  aksZones: {
    service: "AKS's control plane",
    percent: 99.95,
    condition: 'the Standard tier, nodes in zones',
    url: 'https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers',
    readOn: READ_ON,
    confirmed: false,
  },
} as const satisfies Record<string, ServiceLevel>;
