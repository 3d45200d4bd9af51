import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatResult, type Progress, type RehearsalResult, rehearse } from '@cdktf-recommender/rehearsal';

const project = join(__dirname, 'fixture');
const logFolder = mkdtempSync(join(tmpdir(), 'rehearsal-logs-'));
afterAll(() => rmSync(logFolder, { recursive: true }));

const unprotectedEnvironment = { FIXTURE_PROTECTION: 'off' };
const ALL_STEPS = ['deploy', 'second plan', 'refused destroy', 'deploy without protection', 'destroy', 'inventory'];

function passed(result: RehearsalResult): string[] {
  expect(result.steps.filter(({ ok }) => !ok)).toEqual([]);
  return result.steps.map(({ step }) => step);
}

describe('a stack on AWS', () => {
  it('goes through its life with the real provider, and leaves nothing in the emulated AWS', async () => {
    const progress: Progress[] = [];
    const onProgress = (event: Progress) => void progress.push(event);
    const result = await rehearse({ project, stack: 'fixture-aws', unprotectedEnvironment, logFolder, onProgress });
    expect(passed(result)).toEqual(ALL_STEPS);
    expect(result.outputs).toEqual({ BucketName: 'fixture-models' });
    expect(result.created).toMatchObject({ aws_subnet: 2, aws_eks_cluster: 1, aws_eks_addon: 1, helm_release: 1 });
    expect(result.existed).toMatchObject({
      'ec2 VPC': 1,
      'ec2 Subnet': 2,
      'iam Role': 1,
      'kms Key': 1,
      's3 FakeBucket': 1,
      'eks Cluster': 1,
      'eks Addon': 1,
      'helm helm_release': 1,
    });
    expect(result.tiers.find(({ tier }) => tier === 'aws')?.engine).toMatch(/^provider 5\.100\.0 on moto 5\.2\.1$/);
    expect(result.pendingDeletion.map(({ service, type }) => `${service} ${type}`)).toEqual(['kms Key']);
    expect(result.standInTypes).toEqual(['helm_release', 'kubernetes_config_map_v1', 'kubernetes_namespace_v1']);
    const done = progress.flatMap((p) =>
      p.kind === 'resource' && p.event.state === 'done' ? [`${p.event.action} ${p.event.address}`] : [],
    );
    expect(done).toEqual(expect.arrayContaining(['create aws_vpc.Vpc', 'delete aws_vpc.Vpc']));
    expect(readFileSync(result.logFile, 'utf8')).toContain('Apply complete! Resources: 16 added');
    expect(formatResult(result)).toContain('Added to the emulated AWS by the rehearsal, eks: ');
  }, 300_000);

  it("goes through it with the stand-in too, which has the schema of the project's own bindings", async () => {
    const result = await rehearse({
      project,
      stack: 'fixture-aws',
      unprotectedEnvironment,
      logFolder,
      aws: 'stand-in',
    });
    expect(passed(result)).toEqual(ALL_STEPS);
    expect(result.tiers.find(({ tier }) => tier === 'aws')?.engine).toBe('stand-in of 6.25.0');
    expect(result.shimmedActions).toEqual([]);
  }, 120_000);
});

describe('stacks on Azure', () => {
  it('go through their lives side by side without getting in the way of each other, or of the project', async () => {
    const before = readdirSync(project);
    const folders = [join(logFolder, 'one'), join(logFolder, 'two')];
    const results = await Promise.all(
      folders.map((folder) => rehearse({ project, stack: 'fixture-azure', unprotectedEnvironment, logFolder: folder })),
    );
    for (const result of results) {
      expect(passed(result)).toEqual(ALL_STEPS);
      expect(result.outputs).toEqual({ PasswordLength: 24 });
      const lines = formatResult(result).split('\n');
      expect(lines.filter((line) => line.length > 80 && !line.startsWith('Log: '))).toEqual([]);
      expect(lines).toContain('and does not prove:');
    }
    expect(readdirSync(project)).toEqual(before);
  }, 120_000);
});

describe('a stack that was just deployed', () => {
  const deployed = { project, stack: 'fixture-azure', logFolder } as const;

  it('can be asked while everything runs, after its second plan', async () => {
    const seen: unknown[] = [];
    const result = await rehearse({
      ...deployed,
      until: 'second plan',
      afterDeploy: async ({ outputs, moto, plan }) => void seen.push(outputs, moto, await plan()),
    });
    expect(passed(result)).toEqual(['deploy', 'second plan', 'after deploy']);
    expect(seen).toEqual([{ PasswordLength: 24 }, undefined, '']);
  }, 120_000);

  it('throws what whoever asks throws', async () => {
    const asked = rehearse({ ...deployed, afterDeploy: () => Promise.reject(new Error('not what was expected')) });
    await expect(asked).rejects.toThrow('not what was expected');
  }, 120_000);
});

describe('a rehearsal that goes wrong', () => {
  const stack = 'fixture-azure';

  it('fails when a destroy goes through although protection was promised', async () => {
    const environment = { FIXTURE_PROTECTION: 'off' };
    const result = await rehearse({ project, stack, environment, unprotectedEnvironment, logFolder });
    const last = result.steps.at(-1);
    expect([result.ok, last?.step, last?.error]).toEqual([
      false,
      'refused destroy',
      'cdktf destroy fixture-azure went through although its protection is on',
    ]);
    expect(formatResult(result).split('\n').at(-1)).toBe(`fixture-azure, refused destroy: ${last?.error}`);
  }, 120_000);

  it("gives Terraform's own words for an attribute that the provider doesn't have", async () => {
    const result = await rehearse({ project, stack, environment: { FIXTURE_BREAK: 'attribute' }, logFolder });
    expect(result.steps.map(({ step, ok }) => [step, ok])).toEqual([['deploy', false]]);
    expect(result.steps[0]?.error).toContain('No argument or block type is named "dataa"');
  }, 120_000);

  it('names the stacks that there are not, and what a folder lacks', async () => {
    await expect(rehearse({ project, stack: 'nope', logFolder })).rejects.toThrow('The project has no stack nope');
    await expect(rehearse({ project: tmpdir(), stack, logFolder })).rejects.toThrow(`${tmpdir()} has no cdktf.json`);
  }, 120_000);

  it('stops at once when it is told to, and leaves no folder behind', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'scratch-'));
    const { TMPDIR } = process.env;
    process.env.TMPDIR = scratch;
    try {
      const controller = new AbortController();
      const onProgress = (p: Progress) => p.kind === 'resource' && controller.abort();
      const running = rehearse({ project, stack, logFolder, signal: controller.signal, onProgress });
      await expect(running).rejects.toThrow('was stopped');
      expect(readdirSync(scratch)).toEqual([]);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      rmSync(scratch, { recursive: true });
    }
  }, 120_000);
});
