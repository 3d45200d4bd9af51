import { type EmulatedRole, type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { emulatedRequest } from '../emulated-request';
import type { RoleExpectation } from '../role-expectation';
import { faultsOf, NO_FAULTS } from './deployed-role';
import type { Policy, Statement } from './policy';

const MODELS = 'arn:aws:s3:::models/*';
const read = { action: 's3:GetObject', resource: 'arn:aws:s3:::models/a' };
const write = { action: 's3:PutObject', resource: 'arn:aws:s3:::models/a' };
const TRUST: Policy = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

describe('a role in the emulated AWS', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  }, 300_000);
  afterAll(() => moto.stop());
  afterEach(() => moto.reset());

  const iam = (action: string, parameters: Record<string, string>) =>
    emulatedRequest(moto.endpoint, {
      service: 'iam',
      body: { Action: action, Version: '2010-05-08', RoleName: 'reader', ...parameters },
    });

  async function role(statement: Partial<Statement>, trust: Policy = TRUST): Promise<EmulatedRole> {
    await iam('CreateRole', { AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', ...trust }) });
    const own = { Effect: 'Allow', Action: 's3:GetObject', Resource: MODELS, ...statement };
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [own] });
    await iam('PutRolePolicy', { PolicyName: 'own', PolicyDocument: document });
    const [made] = await moto.roles();
    if (!made) throw new Error('there is no role');
    return made;
  }

  const faults = async (made: EmulatedRole, expected: Partial<RoleExpectation> = {}) =>
    faultsOf(made, { role: 'reader', allowed: [read], denied: [write], ...expected }, moto);

  it('that does what is expected has no fault', async () => {
    expect(await faults(await role({}), { trusts: ['lambda.amazonaws.com'] })).toEqual(NO_FAULTS);
  });

  it('that can do too little says what is refused', async () => {
    const found = await faults(await role({ Resource: 'arn:aws:s3:::others/*' }));
    expect(found).toEqual({ ...NO_FAULTS, refused: ['s3:GetObject on arn:aws:s3:::models/a'] });
  });

  it('that can do too much says what goes through, and by which *', async () => {
    const found = await faults(await role({ Action: 's3:*' }));
    expect(found).toEqual({
      ...NO_FAULTS,
      letThrough: ['s3:PutObject on arn:aws:s3:::models/a'],
      wildcards: ['s3:* has no reason'],
    });
  });

  it('that can do something on everything needs a reason, and a reason needs the permission', async () => {
    const made = await role({ Resource: '*' });
    expect(await faults(made)).toEqual({ ...NO_FAULTS, wildcards: ['s3:GetObject has no reason'] });
    const why = 'the test says so';
    expect(await faults(made, { wildcards: [{ action: 's3:GetObject', why }] })).toEqual(NO_FAULTS);
    const stale = await faults(made, { wildcards: ['s3:GetObject', 's3:List*'].map((action) => ({ action, why })) });
    expect(stale).toEqual({ ...NO_FAULTS, wildcards: ['s3:List* has a reason, and is not there'] });
  });

  it('that trusts somebody else, or everybody, says so', async () => {
    const made = await role({});
    const found = await faults(made, { trusts: ['ec2.amazonaws.com'] });
    expect(found).toEqual({ ...NO_FAULTS, trust: ['trusts lambda.amazonaws.com, not ec2.amazonaws.com'] });
    await moto.reset();
    const open = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }] } as const;
    expect((await faults(await role({}, open))).trust).toEqual(['trusts *']);
  });

  it("whose policy the emulator's own evaluator reads otherwise is disputed", async () => {
    // IAM takes an action in any case, moto does not.
    const found = await faults(await role({ Action: 's3:getobject' }));
    expect(found).toEqual({ ...NO_FAULTS, disputed: ['s3:GetObject on arn:aws:s3:::models/a'] });
  });

  it('whose condition the emulator looks past is left to our evaluator', async () => {
    const made = await role({ Condition: { StringEquals: { 'aws:ResourceTag/team': 'shop' } } });
    const context = { 'aws:ResourceTag/team': 'shop' };
    expect(await faults(made, { allowed: [{ ...read, context }], denied: [read] })).toEqual(NO_FAULTS);
    expect(await moto.permits('reader', read.action, read.resource)).toBe(true);
  });
});
