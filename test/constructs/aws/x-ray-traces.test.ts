import { XRayTraces } from '../../../constructs/aws';
import { TRACE_COLLECTOR_SERVICE_ACCOUNT } from '../../../constructs/kubernetes';
import { addCluster, hclOf, named, onAws, rendered, statements } from './fixtures';

test("the collector's identity may send traces, and nothing else", () => {
  const stack = onAws((stack) => {
    const identity = addCluster(stack).addWorkloadIdentity('TraceCollector', TRACE_COLLECTOR_SERVICE_ACCOUNT);
    const traces = new XRayTraces(stack, 'Traces', { identity });
    expect(traces.identity.ready).toHaveLength(2);
  });
  expect(statements(named(stack, 'aws_iam_role_policy', 'Cluster_TraceCollector_SendTraces').policy)).toEqual([
    { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutSpans'], Resource: '*' },
  ]);
});

test('spans go to the endpoint of the region, signed for it', () => {
  const url = rendered((stack) => {
    const identity = addCluster(stack).addWorkloadIdentity('TraceCollector', TRACE_COLLECTOR_SERVICE_ACCOUNT);
    const { tracesUrl, authenticator } = new XRayTraces(stack, 'Traces', { identity });
    expect(authenticator).toMatchObject({ type: 'sigv4auth', settings: { service: 'xray' } });
    return tracesUrl;
  });
  expect(url).toMatch(/^https:\/\/xray\.\$\{data\.aws_region\.\w+\.id\}\.amazonaws\.com\/v1\/traces$/);
});

test("the HCL of the identity's policy", async () => {
  const template = onAws((stack) => {
    const identity = addCluster(stack).addWorkloadIdentity('TraceCollector', TRACE_COLLECTOR_SERVICE_ACCOUNT);
    new XRayTraces(stack, 'Traces', { identity });
  });
  expect(await hclOf(template, 'Cluster_TraceCollector_SendTraces')).toMatchSnapshot();
});
