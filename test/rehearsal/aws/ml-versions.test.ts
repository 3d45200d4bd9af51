import type { OpenStack } from '@cdktf-recommender/rehearsal';
import { emulatedRequest } from './emulated-request';
import { areaEnvironment, openArea } from './rehearsed-area';

const NAME = 'ml-versions';

interface Endpoint {
  readonly EndpointArn: string;
  readonly EndpointConfigName: string;
  readonly LastDeploymentConfig: object;
}
interface Config {
  readonly ProductionVariants: readonly { readonly ModelName: string; readonly InstanceType: string }[];
}
interface Model {
  readonly PrimaryContainer: { readonly Environment: Readonly<Record<string, string>> };
}

describe('an endpoint whose model’s version changes', () => {
  let stack: OpenStack;
  beforeAll(async () => {
    stack = await openArea(NAME, { modelVersion: 'a'.repeat(64) });
  }, 300_000);
  afterAll(() => stack?.stop());

  const ask = <Answer>(action: string, body: Readonly<Record<string, unknown>>) =>
    emulatedRequest<Answer>(stack.moto.endpoint, { service: 'sagemaker', target: `SageMaker.${action}`, body });

  async function deploy(modelVersion: string): Promise<void> {
    await stack.synthesize(areaEnvironment(NAME, { engine: 'real', protection: false, modelVersion }));
    await stack.apply();
  }

  /** What the endpoint serves, by way of its configuration. */
  async function served() {
    const endpoint = await ask<Endpoint>('DescribeEndpoint', { EndpointName: 'shop-prod' });
    const config = await ask<Config>('DescribeEndpointConfig', { EndpointConfigName: endpoint.EndpointConfigName });
    const [variant] = config.ProductionVariants;
    const model = await ask<Model>('DescribeModel', { ModelName: variant?.ModelName });
    const { Models } = await ask<{ Models: object[] }>('ListModels', {});
    return {
      endpoint,
      modelName: variant?.ModelName,
      version: model.PrimaryContainer.Environment.RECOMMENDER_VERSION,
      models: Models.length,
    };
  }

  it('goes from one model to the other by an update, and leaves no model behind', async () => {
    const [first, second] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];
    await deploy(first);
    const before = await served();
    expect(before).toMatchObject({ version: first, models: 1 });
    await deploy(second);
    const after = await served();
    expect(after).toMatchObject({ version: second, models: 1 });
    expect(after.endpoint.EndpointArn).toBe(before.endpoint.EndpointArn);
    expect(after.endpoint.EndpointConfigName).not.toBe(before.endpoint.EndpointConfigName);
    expect(after.modelName).not.toBe(before.modelName);
    expect(after.endpoint.LastDeploymentConfig).toMatchObject({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY' } },
      AutoRollbackConfiguration: {
        Alarms: expect.arrayContaining([
          { AlarmName: 'shop-prod-endpoint-error-rate' },
          { AlarmName: 'shop-prod-endpoint-latency-p99' },
        ]),
      },
    });
    // Back again it has the name that it had: what is in it is the same.
    await deploy(first);
    expect(await served()).toMatchObject({ modelName: before.modelName, models: 1 });
  }, 900_000);
});
