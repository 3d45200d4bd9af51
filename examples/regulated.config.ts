import { defineConfig } from '../src';

/** AWS with every part and option on: what the largest deployment looks like. A test rehearses it. */
export default defineConfig({
  owner: 'shop-platform',
  costCenter: 'shop-1200',
  // CloudFront promises 99.9 % by itself, so nothing behind it can.
  slo: { availabilityPercent: 99.8 },
  budget: { monthlyUsd: 1500, notify: ['platform@shop.example'] },
  environments: {
    prod: {
      gateway: {
        hostname: 'origin.shop.example',
        certificate: { kind: 'acme', email: 'platform@shop.example' },
        authentication: {
          kind: 'jwt',
          issuer: 'https://login.shop.example/',
          audiences: ['recommender'],
          jwksUri: 'https://login.shop.example/.well-known/jwks.json',
        },
      },
      delivery: { kind: 'canary' },
      caches: ['histories', 'answers'],
      alerts: { page: [{ kind: 'pagerduty' }], ticket: [{ kind: 'slack', channel: '#recommender' }] },
      logs: { kind: 'loki' },
      traces: { collectorImage: `registry.shop.example/otel/opentelemetry-collector-contrib@sha256:${'0'.repeat(64)}` },
      probes: true,
      aws: {
        profile: 'regulated',
        accountId: '222222222222',
        region: 'us-west-2',
        adminPrincipalArns: ['arn:aws:iam::222222222222:role/recommender-deploy'],
        viewerPrincipalArns: ['arn:aws:iam::222222222222:role/recommender-analysts'],
        zones: 3,
        permissionsBoundaryArn: 'arn:aws:iam::222222222222:policy/recommender-prod-boundary',
        endpointAccess: 'private',
        node: { instanceType: 'm7g.large', spot: { instanceTypes: ['m7g.large', 'm7g.xlarge'] } },
        domain: { name: 'shop.example', dnssec: true },
        edge: { hostnames: ['api.shop.example'], countries: ['US', 'CA'], refuseAnonymous: true, botControl: true },
        database: { instanceClass: 'db.t4g.small' },
        cache: { nodeType: 'cache.t4g.small' },
        backup: { copyTo: 'us-east-1' },
        dataLake: { since: '2026-01-01' },
        retraining: { notify: ['ml@shop.example'] },
        costAnomalies: {},
        securityContacts: ['security@shop.example'],
        state: { kind: 's3', bucket: 'recommender-prod-terraform-state-222222222222', region: 'us-west-2' },
      },
    },
  },
});
