import { defineConfig } from './src';

/**
 * The example: it synthesizes as it is, and `cdktf synth` says which of its values a real deploy must replace.
 * docs/config.md lists every setting.
 */
export default defineConfig({
  project: 'recommender',
  owner: 'shop-platform',
  slo: { availabilityPercent: 99.9, latencyP99Ms: 100 },
  capacity: { concurrentUsers: 10_000, minReplicas: 2, maxReplicas: 50 },
  budget: { monthlyUsd: 500, notify: ['platform@example.com'] },
  local: { context: 'kind-recommender' },
  environments: {
    dev: {
      aws: {
        accountId: '111111111111',
        region: 'us-east-1',
        adminPrincipalArns: ['arn:aws:iam::111111111111:role/recommender-deploy'],
        endpointAccess: { public: { cidrs: ['203.0.113.0/24'] } },
        state: { kind: 'local' },
      },
      azure: {
        subscriptionId: '00000000-0000-4000-8000-000000000001',
        location: 'eastus',
        adminGroupObjectIds: ['00000000-0000-4000-8000-00000000000a'],
        endpointAccess: { public: { cidrs: ['203.0.113.0/24'] } },
        state: { kind: 'local' },
      },
    },
    prod: {
      gateway: {
        hostname: 'recommendations.shop.example.com',
        certificate: { kind: 'acme', email: 'platform@example.com' },
        authentication: {
          kind: 'jwt',
          issuer: 'https://login.shop.example.com/',
          audiences: ['recommender'],
          jwksUri: 'https://login.shop.example.com/.well-known/jwks.json',
        },
      },
      delivery: { kind: 'canary' },
      aws: {
        accountId: '222222222222',
        region: 'us-east-1',
        permissionsBoundaryArn: 'arn:aws:iam::222222222222:policy/recommender-prod-boundary',
        adminPrincipalArns: ['arn:aws:iam::222222222222:role/recommender-deploy'],
        endpointAccess: { public: { cidrs: ['203.0.113.0/24'] } },
        state: { kind: 's3', bucket: 'recommender-prod-terraform-state-222222222222', region: 'us-east-1' },
      },
      azure: {
        subscriptionId: '00000000-0000-4000-8000-000000000002',
        location: 'eastus',
        adminGroupObjectIds: ['00000000-0000-4000-8000-00000000000a'],
        endpointAccess: { public: { cidrs: ['203.0.113.0/24'] } },
        state: {
          kind: 'azurerm',
          resourceGroupName: 'recommender-prod-state',
          storageAccountName: 'recommenderprodstate',
          containerName: 'terraform',
        },
      },
    },
  },
});
