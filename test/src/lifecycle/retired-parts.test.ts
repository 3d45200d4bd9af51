import { isExactVersion, isPinnedImage } from '../../../src/lifecycle/pinned';
import { type Part, RETIRED_PARTS, retiredPart } from '../../../src/lifecycle/retired-parts';
import * as calendars from '../../../src/lifecycle/supported-versions';
import { actionProblems } from '../../../src/lifecycle/workflow-actions';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each<[Part['kind'], string, string]>([
  ['resource', 'aws_appmesh_mesh', 'AWS App Mesh'],
  ['resource', 'aws_evidently_project', 'CloudWatch Evidently'],
  ['resource', 'azurerm_cdn_profile', 'Azure CDN (classic)'],
  ['resource', 'azurerm_redis_cache', 'Azure Cache for Redis'],
  ['resource', 'azurerm_redis_enterprise_cluster', 'Azure Cache for Redis Enterprise'],
  ['chart', 'https://kubernetes.github.io/ingress-nginx/ingress-nginx', 'ingress-nginx'],
  ['chart', 'https://charts.bitnami.com/bitnami/redis', "Bitnami's free catalogue"],
  ['chart', 'oci://registry-1.docker.io/bitnamicharts/postgresql', "Bitnami's free catalogue"],
  ['chart', 'https://charts.min.io/minio', 'MinIO'],
  [
    'chart',
    'https://raw.githubusercontent.com/Azure/aad-pod-identity/master/charts/aad-pod-identity',
    'AAD pod identity',
  ],
  ['chart', 'https://grafana.github.io/helm-charts/promtail', 'Promtail'],
  ['chart', 'https://grafana.github.io/helm-charts/loki-stack', 'Promtail'],
  ['chart', 'https://grafana.github.io/helm-charts/tempo-distributed', 'the chart tempo-distributed of Grafana'],
  ['chart', 'https://prometheus-community.github.io/helm-charts/prometheus-adapter', 'prometheus-adapter'],
  ['chart', 'https://helm.elastic.co/elasticsearch', "Elastic's charts of single products"],
  ['image', 'registry.k8s.io/ingress-nginx/controller:v1.12.0', 'ingress-nginx'],
  ['image', 'docker.io/bitnami/redis:7.4.1', "Bitnami's free catalogue"],
  ['image', 'bitnamilegacy/postgresql:16', "Bitnami's free catalogue"],
  ['image', 'quay.io/minio/minio:latest', 'MinIO'],
  ['image', 'amazon/aws-xray-daemon:3.x', "AWS X-Ray's daemon"],
  ['image', 'public.ecr.aws/xray/aws-xray-daemon:latest', "AWS X-Ray's daemon"],
  ['image', 'grafana/promtail:3.2.0', 'Promtail'],
  ['image', `mcr.microsoft.com/oss/azure/aad-pod-identity/nmi@${DIGEST}`, 'AAD pod identity'],
])('%s %s is retired', (kind, name, retired) => {
  expect(retiredPart({ kind, name })?.name).toBe(retired);
});

test.each<[Part['kind'], string]>([
  ['resource', 'aws_s3_bucket'],
  ['resource', 'azurerm_cdn_frontdoor_profile'],
  ['resource', 'azurerm_managed_redis'],
  ['chart', 'https://grafana-community.github.io/helm-charts/tempo'],
  ['chart', 'https://helm.elastic.co/eck-operator'],
  ['chart', 'https://valkey.io/valkey-helm/valkey'],
  ['chart', 'https://prometheus-community.github.io/helm-charts/kube-prometheus-stack'],
  ['image', 'docker.io/valkey/valkey:9.0.1'],
  ['image', 'nginx/nginx-ingress:5.3.0'],
])('%s %s is not', (kind, name) => {
  expect(retiredPart({ kind, name })).toBeUndefined();
});

test('each entry says what happens, what to take instead and where its makers say so', () => {
  for (const { what, replacement, source, ends = '2026-01-01' } of RETIRED_PARTS) {
    expect({ what, replacement, source, ends }).toEqual({
      what: expect.stringMatching(/\w/),
      replacement: expect.stringMatching(/\w/),
      source: expect.stringMatching(/^https:\/\//),
      ends: expect.stringMatching(/^20\d\d-[01]\d-[0-3]\d$/),
    });
  }
});

test.each(Object.entries(calendars))('%s is in order, with days, a source and when it was read', (_, calendar) => {
  const days = Object.values(calendar.ends);
  expect(days).toEqual(days.filter((day) => /^20\d\d-[01]\d-[0-3]\d$/.test(day)).sort());
  expect([calendar.source, calendar.read]).toEqual([
    expect.stringMatching(/^https:/),
    expect.stringMatching(/^20\d\d-\d\d$/),
  ]);
});

test.each([
  [`registry.example.com/shop@${DIGEST}`, true],
  ['docker.io/otel/opentelemetry-collector-contrib:0.150.0', true],
  ['quay.io/shop/server:v1.2.3-alpine', true],
  ['valkey/valkey', false],
  ['valkey/valkey:latest', false],
  ['valkey/valkey:9', false],
  ['registry.example.com:5000/shop', false],
])('the image %s is pinned: %s', (image, pinned) => {
  expect(isPinnedImage(image)).toBe(pinned);
});

test.each([
  ['88.5.3', true],
  ['v1.9.0', true],
  ['1.0.0-rc.1', true],
  ['^88', false],
  ['88.x', false],
  ['>= 1.2.3', false],
  ['', false],
])('a chart in version %j is pinned: %s', (version, pinned) => {
  expect(isExactVersion(version)).toBe(pinned);
});

const COMMIT = '1'.repeat(40);

test('actions that are not named by a commit are told, in a workflow and in a composite action', () => {
  const workflow = `
jobs:
  scan:
    steps:
      - uses: actions/checkout@${COMMIT}
      - uses: ./.github/actions/build
      - uses: aquasecurity/trivy-action@0.28.0
      - uses: docker://alpine:3
  call:
    uses: shop/workflows/.github/workflows/deploy.yml@main
`;
  expect(actionProblems(workflow)).toEqual([
    'aquasecurity/trivy-action@0.28.0 is not named by a commit (its tags were moved to malicious code on 2026-03-19 (CVE-2026-33634)); name it as aquasecurity/trivy-action@<40 hex digits>.',
    'docker://alpine:3 has no digest; name it as docker://<image>@sha256:<64 hex digits>.',
    'shop/workflows/.github/workflows/deploy.yml@main is not named by a commit, and its tag can be moved; name it as shop/workflows/.github/workflows/deploy.yml@<40 hex digits>.',
  ]);
  expect(actionProblems('runs: { using: composite, steps: [{ uses: actions/cache@v4 }] }')).toHaveLength(1);
});

test('a workflow without actions, and one that says nothing, have no problems', () => {
  expect([actionProblems('jobs: {}'), actionProblems('')]).toEqual([[], []]);
});
