import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';

/** A request as an SDK signs it, as far as the emulator looks: it takes service and region from the credential. */
function aws(endpoint: string, service: string, path: string, body?: object): Promise<Response> {
  const scope = `rehearsal/20260101/eu-west-1/${service}/aws4_request`;
  return fetch(endpoint + path, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
}

const cluster = {
  name: 'one',
  roleArn: 'arn:aws:iam::123456789012:role/x',
  resourcesVpcConfig: {},
  accessConfig: { authenticationMode: 'API' },
};

describe('the emulated AWS', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  }, 300_000);
  afterAll(() => moto.stop());
  afterEach(() => moto.reset());

  it('names the actions that it adds, none twice', () => {
    const names = moto.shimmedActions.map(({ service, action }) => `${service}:${action}`);
    expect(names).toContain('eks:CreateAddon');
    expect(new Set(names).size).toBe(names.length);
  });

  it("remembers a cluster's access configuration, and an entry whose ARN has slashes", async () => {
    await aws(moto.endpoint, 'eks', '/clusters', cluster);
    const answer = (await (await aws(moto.endpoint, 'eks', '/clusters/one')).json()) as {
      cluster: { accessConfig: object };
    };
    expect(answer.cluster.accessConfig).toMatchObject({ authenticationMode: 'API' });
    const principalArn = 'arn:aws:iam::123456789012:role/team/deploy';
    await aws(moto.endpoint, 'eks', '/clusters/one/access-entries', { principalArn });
    const path = `/clusters/one/access-entries/${encodeURIComponent(principalArn)}`;
    expect(await (await aws(moto.endpoint, 'eks', path)).json()).toMatchObject({ accessEntry: { principalArn } });
  });

  it("lists what exists without AWS's own, and nothing after a reset", async () => {
    await aws(moto.endpoint, 'eks', '/clusters', cluster);
    await aws(moto.endpoint, 'ec2', '/?Action=DescribeVpcs&Version=2016-11-15'); // makes the default VPC
    const { left } = await moto.inventory();
    expect(left.map(({ service, type }) => `${service} ${type}`)).toEqual(['eks Cluster']);
    await moto.reset();
    expect(await moto.inventory()).toEqual({ left: [], pendingDeletion: [] });
  });

  it('answers 404 for what does not exist, and so does an add-on of a cluster that is gone', async () => {
    expect((await aws(moto.endpoint, 'eks', '/clusters/one/addons/vpc-cni')).status).toBe(404);
    expect((await aws(moto.endpoint, 'eks', '/clusters/one/addons', { addonName: 'vpc-cni' })).status).toBe(404);
  });

  it('ends with the process that started it, however that ends', async () => {
    const dist = join(__dirname, '..', '..', 'rehearsal', 'dist', 'index.js');
    const script = `require(${JSON.stringify(dist)}).startMoto().then((moto) => console.log(moto.endpoint))`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [endpoint] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    expect((await fetch(`${endpoint}/rehearsal/inventory.json`)).status).toBe(200);
    parent.kill('SIGKILL');
    const answers = () =>
      fetch(`${endpoint}/rehearsal/inventory.json`).then(
        () => true,
        () => false,
      );
    const until = Date.now() + 10_000;
    while ((await answers()) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await answers()).toBe(false);
  }, 60_000);
});
