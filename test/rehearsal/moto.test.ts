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

const count = (statuses: number[], status: number) => statuses.filter((found) => found === status).length;

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

  it('answers a request that is sent again by its token as the first time, and one with another token by itself', async () => {
    await aws(moto.endpoint, 'eks', '/clusters', cluster);
    const roleArn = 'arn:aws:iam::123456789012:role/x';
    const associate = (clientRequestToken: string) =>
      aws(moto.endpoint, 'eks', '/clusters/one/pod-identity-associations', {
        namespace: 'a',
        serviceAccount: 'b',
        roleArn,
        clientRequestToken,
      });
    const first = await associate('one');
    const again = await associate('one');
    expect([first.status, again.status, (await associate('two')).status]).toEqual([200, 200, 409]);
    expect(await again.json()).toEqual(await first.json());
  });

  it('answers a call that is sent again as the first time, one of another call by itself, and tries again what failed', async () => {
    const createRole = async (invocation: string, name: string) => {
      const { status } = await fetch(moto.endpoint, {
        method: 'POST',
        headers: {
          authorization: 'AWS4-HMAC-SHA256 Credential=rehearsal/20260101/us-east-1/iam/aws4_request',
          'content-type': 'application/x-www-form-urlencoded',
          'amz-sdk-invocation-id': invocation,
        },
        body: `Action=CreateRole&Version=2010-05-08&RoleName=${name}&AssumeRolePolicyDocument=%7B%7D`,
      });
      return status;
    };
    expect([await createRole('a', 'one'), await createRole('a', 'one'), await createRole('b', 'one')]).toEqual([
      200, 200, 409,
    ]);
    await moto.call({ service: 'iam', operation: 'delete_role', parameters: { RoleName: 'one' } });
    expect(await createRole('b', 'one')).toBe(200);
  });

  it("makes calls behind Terraform's back, and tells their errors", async () => {
    const call = (operation: string) => moto.call({ service: 's3', operation, parameters: { Bucket: 'one' } });
    await call('create_bucket');
    expect(await moto.inventory()).toMatchObject({ left: [{ type: 'FakeBucket', id: 'arn:aws:s3:::one' }] });
    await call('delete_bucket');
    await expect(call('delete_bucket')).rejects.toThrow('NoSuchBucket');
  });

  it('lets one of many write what must not be there yet', async () => {
    await moto.call({ service: 's3', operation: 'create_bucket', parameters: { Bucket: 'one' } });
    const authorization = 'AWS4-HMAC-SHA256 Credential=rehearsal/20260101/us-east-1/s3/aws4_request';
    const lock = () =>
      fetch(`${moto.endpoint}/one/lock`, {
        method: 'PUT',
        headers: { authorization, 'if-none-match': '*' },
        body: 'x',
      });
    const statuses = (await Promise.all(Array.from({ length: 20 }, lock))).map(({ status }) => status);
    expect([count(statuses, 200), count(statuses, 412)]).toEqual([1, 19]);
  });

  describe('made to fail', () => {
    const kinds = ['error', 'throttle', 'reset', 'lost'] as const;
    afterEach(() => moto.fail());
    const createRole = () =>
      fetch(moto.endpoint, {
        method: 'POST',
        headers: {
          authorization: 'AWS4-HMAC-SHA256 Credential=rehearsal/20260101/us-east-1/iam/aws4_request',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'Action=CreateRole&Version=2010-05-08&RoleName=one&AssumeRolePolicyDocument=%7B%7D',
      });

    it('draws the same calls for the same seed, about as many as asked for, and counts them', async () => {
      const draw = async () => {
        await moto.fail({ seed: 7, share: 0.2, kinds: ['error', 'throttle'] });
        const statuses: number[] = [];
        for (let i = 0; i < 200; i++) statuses.push((await aws(moto.endpoint, 'eks', '/clusters')).status);
        return statuses;
      };
      const first = await draw();
      expect(await draw()).toEqual(first);
      const { calls, error = 0, throttle = 0 } = await moto.failed();
      expect([calls, error, throttle]).toEqual([200, count(first, 500), count(first, 400)]);
      expect(error + throttle).toBeGreaterThan(20);
      expect(error + throttle).toBeLessThan(60);
    });

    it.each(kinds)('by %s does a call only where its answer is what got lost', async (kind) => {
      await moto.fail({ seed: 1, share: 1, kinds: [kind] });
      if (kind === 'reset' || kind === 'lost') await expect(createRole()).rejects.toThrow('fetch failed');
      else expect((await createRole()).status).toBe(kind === 'error' ? 500 : 400);
      await moto.fail();
      const roles = (await moto.inventory()).left.map(({ type }) => type);
      expect(roles).toEqual(kind === 'lost' ? ['Role'] : []);
    });

    it.each([
      ['eks', 'application/json', '{"__type": "ThrottlingException"'],
      ['iam', 'application/x-www-form-urlencoded', '<ErrorResponse><Error><Code>Throttling</Code>'],
      ['ec2', 'application/x-www-form-urlencoded', '<Response><Errors><Error><Code>RequestLimitExceeded</Code>'],
      ['s3', 'application/xml', '<Error><Code>SlowDown</Code>'],
    ])('answers for %s in the form of its errors', async (service, type, beginning) => {
      await moto.fail({ seed: 1, share: 1, kinds: ['throttle'] });
      const authorization = `AWS4-HMAC-SHA256 Credential=rehearsal/20260101/us-east-1/${service}/aws4_request`;
      const headers = { authorization, 'content-type': type };
      const answer = await fetch(moto.endpoint, { method: 'POST', headers, body: 'x=1' });
      expect(await answer.text()).toMatch(new RegExp(`^${beginning}`));
    });

    it('refuses a fault that there is not', async () => {
      await expect(moto.fail({ seed: 1, share: 1, kinds: ['flood' as 'error'] })).rejects.toThrow(
        'there is no fault flood',
      );
    });
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
