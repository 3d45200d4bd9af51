import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfigServiceClient,
  PutConfigRuleCommand,
  PutConfigurationRecorderCommand,
  PutExternalEvaluationCommand,
} from '@aws-sdk/client-config-service';
import { CreateBucketCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  EnableSecurityHubCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { recommender } from '../../cli/recommender';
import { ACCOUNT_ID, REGION } from './area';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const BUCKET = 'shop-prod-models';

function finding(id: string, props: Partial<AwsSecurityFinding> = {}): AwsSecurityFinding {
  return {
    SchemaVersion: '2018-10-08',
    Id: id,
    ProductArn: `arn:aws:securityhub:${REGION}:${ACCOUNT_ID}:product/${ACCOUNT_ID}/default`,
    ProductName: 'GuardDuty',
    GeneratorId: 'rehearsal',
    AwsAccountId: ACCOUNT_ID,
    CreatedAt: daysAgo(1),
    UpdatedAt: daysAgo(0),
    Title: id,
    Description: id,
    Severity: { Label: 'HIGH' },
    Resources: [{ Type: 'AwsS3Bucket', Id: `arn:aws:s3:::${BUCKET}` }],
    ...props,
  };
}

describe('recommender audit', () => {
  let moto: Moto;
  let folder: string;
  const clients: { destroy(): void }[] = [];
  const client = <T extends { destroy(): void }>(make: (settings: object) => T): T => {
    const credentials = { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' };
    const made = make({ endpoint: moto.endpoint, region: REGION, credentials, forcePathStyle: true });
    clients.push(made);
    return made;
  };
  beforeAll(async () => {
    moto = await startMoto();
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
  }, 300_000);
  afterAll(async () => {
    for (const one of clients) one.destroy();
    await moto?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await moto.reset();
    const s3 = client((settings) => new S3Client(settings));
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const Tagging = { TagSet: [{ Key: 'owner', Value: 'shop-models' }] };
    await s3.send(new PutBucketTaggingCommand({ Bucket: BUCKET, Tagging }));
  });

  const audit = (...args: string[]) =>
    recommender(['audit', '--region', REGION, '--owner', 'platform', ...args], {
      env: { AWS_ENDPOINT_URL: moto.endpoint, AWS_ACCESS_KEY_ID: 'rehearsal', AWS_SECRET_ACCESS_KEY: 'rehearsal' },
    });
  async function report(...args: string[]) {
    const { exitCode, stdout, stderr } = await audit('--json', ...args);
    if (stdout === '') throw new Error(stderr);
    return { exitCode, ...JSON.parse(stdout) };
  }
  async function plant(...findings: AwsSecurityFinding[]): Promise<void> {
    const hub = client((settings) => new SecurityHubClient(settings));
    await hub.send(new EnableSecurityHubCommand({ EnableDefaultStandards: false }));
    for (let first = 0; first < findings.length; first += 100) {
      await hub.send(new BatchImportFindingsCommand({ Findings: findings.slice(first, first + 100) }));
    }
  }

  it("gives each finding of Security Hub's its resource's owner and a day, and exits with 1 for what is overdue", async () => {
    await plant(
      finding('overdue', { FirstObservedAt: daysAgo(31) }),
      finding('in time'),
      finding('nobody’s', { Resources: [{ Type: 'Other', Id: 'arn:aws:s3:::gone' }], Severity: { Label: 'LOW' } }),
    );
    const { exitCode, asked, findings } = await report('--output', folder);
    expect({ exitCode, asked }).toEqual({ exitCode: 1, asked: ['Security Hub'] });
    expect(findings).toMatchObject([
      { id: 'overdue', owner: 'shop-models', severity: 'HIGH', overdue: true, source: 'GuardDuty' },
      { id: 'in time', owner: 'shop-models', overdue: false },
      { id: 'nobody’s', owner: 'platform', severity: 'LOW', overdue: false },
    ]);
    const markdown = await readFile(join(folder, 'audit.md'), 'utf8');
    expect(markdown).toContain('3 open, 1 overdue.');
    expect(markdown).toMatch(
      /\| high \| \d{4}-\d\d-\d\d \| shop-models \| overdue \| arn:aws:s3:::shop-prod-models \|/,
    );
    expect(JSON.parse(await readFile(join(folder, 'audit.json'), 'utf8')).findings).toEqual(findings);
  }, 60_000);

  it('exits with 0 while nothing is overdue, and a shorter deadline makes it 1', async () => {
    await plant(finding('recent', { FirstObservedAt: daysAgo(5) }));
    expect((await audit()).exitCode).toBe(0);
    const { exitCode, stdout } = await audit('--deadlines', 'high=3');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^us-east-1, by Security Hub: 1 open, 1 overdue\n/);
  }, 60_000);

  it('leaves out what is passed, archived, settled or accepted', async () => {
    await plant(
      finding('open', { Compliance: { Status: 'FAILED' } }),
      finding('passed', { Compliance: { Status: 'PASSED' } }),
      finding('archived', { RecordState: 'ARCHIVED' }),
      finding('resolved', { Workflow: { Status: 'RESOLVED' } }),
      finding('accepted', { Workflow: { Status: 'SUPPRESSED' } }),
    );
    const { findings } = await report();
    expect(findings.map(({ id }: { id: string }) => id)).toEqual(['open']);
  }, 60_000);

  it('reads all pages of many findings', async () => {
    await plant(...Array.from({ length: 250 }, (_, index) => finding(`finding-${index}`)));
    expect((await report()).findings).toHaveLength(250);
  }, 60_000);

  it("asks AWS Config where there is no Security Hub, which has Config's findings otherwise", async () => {
    const config = client((settings) => new ConfigServiceClient(settings));
    const roleARN = `arn:aws:iam::${ACCOUNT_ID}:role/config`;
    await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: 'default', roleARN } }));
    const ConfigRuleName = 'shop-prod-buckets-encrypt';
    const Source = { Owner: 'AWS' as const, SourceIdentifier: 'S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED' };
    await config.send(new PutConfigRuleCommand({ ConfigRule: { ConfigRuleName, Source } }));
    for (const [name, ComplianceType] of [
      ['good', 'COMPLIANT'],
      ['bad', 'NON_COMPLIANT'],
    ] as const) {
      const ExternalEvaluation = {
        ComplianceResourceType: 'AWS::S3::Bucket',
        ComplianceResourceId: name,
        ComplianceType,
        OrderingTimestamp: new Date(Date.now() - 100 * DAY_MS),
      };
      await config.send(new PutExternalEvaluationCommand({ ConfigRuleName, ExternalEvaluation }));
    }
    const { exitCode, asked, findings } = await report();
    expect({ exitCode, asked }).toEqual({ exitCode: 1, asked: ['AWS Config'] });
    expect(findings).toMatchObject([
      { title: ConfigRuleName, resource: 'AWS::S3::Bucket/bad', owner: 'platform', severity: 'MEDIUM', overdue: true },
    ]);
  }, 60_000);
});
