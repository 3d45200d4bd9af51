import { assign, DEADLINES } from '../../cli/audit/assign';
import type { Finding, Severity } from '../../cli/audit/finding';
import { countBySeverity, toMarkdown } from '../../cli/audit/report';
import { recommender } from './recommender';

const NOW = new Date('2026-11-22T12:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const finding = (props: Partial<Finding> = {}): Finding => ({
  id: 'one',
  source: 'Security Hub',
  title: 'S3 buckets should require TLS',
  severity: 'HIGH',
  resource: 'arn:aws:s3:::models',
  firstSeen: daysAgo(1),
  tags: {},
  ...props,
});
const assigned = (...findings: Finding[]) =>
  assign(findings, { deadlines: DEADLINES, defaultOwner: 'platform', now: NOW });

describe('who has to end a finding, and by when', () => {
  it("is the resource's owner, or the one that is named for what has none", () => {
    const owners = assigned(
      finding({ id: 'a', tags: { owner: 'shop' } }),
      finding({ id: 'b' }),
      finding({ id: 'c', tags: { owner: '' } }),
    );
    expect(owners.map(({ id, owner }) => [id, owner])).toEqual([
      ['a', 'shop'],
      ['b', 'platform'],
      ['c', 'platform'],
    ]);
  });

  it.each<[Severity, number]>([
    ['CRITICAL', 7],
    ['HIGH', 30],
    ['MEDIUM', 90],
    ['LOW', 180],
  ])('a %s one has %d days from when it was first seen, and is overdue after them', (severity, days) => {
    const [last] = assigned(finding({ severity, firstSeen: daysAgo(days) }));
    expect(last).toMatchObject({ due: NOW, overdue: false });
    const [late] = assigned(finding({ severity, firstSeen: daysAgo(days + 1) }));
    expect(late).toMatchObject({ due: daysAgo(1), overdue: true });
  });

  it('what only informs has no deadline', () => {
    const [one] = assigned(finding({ severity: 'INFORMATIONAL', firstSeen: daysAgo(5000) }));
    expect(one).toMatchObject({ overdue: false });
    expect(one?.due).toBeUndefined();
  });

  it('what is overdue comes first, then what is worse, then what is older', () => {
    const order = assigned(
      finding({ id: 'low', severity: 'LOW' }),
      finding({ id: 'critical', severity: 'CRITICAL' }),
      finding({ id: 'newer', severity: 'MEDIUM', firstSeen: daysAgo(2) }),
      finding({ id: 'older', severity: 'MEDIUM', firstSeen: daysAgo(3) }),
      finding({ id: 'overdue', severity: 'LOW', firstSeen: daysAgo(200) }),
    );
    expect(order.map(({ id }) => id)).toEqual(['overdue', 'critical', 'older', 'newer', 'low']);
  });
});

describe('the report', () => {
  const report = (...findings: Finding[]) =>
    toMarkdown({ region: 'us-east-1', at: NOW, asked: ['Security Hub'], findings: assigned(...findings) });

  it('says what is overdue, what is open, and how much of it whose is', () => {
    const text = report(finding({ id: 'late', firstSeen: daysAgo(40), tags: { owner: 'shop' } }), finding());
    expect(text).toBe(`# Audit of us-east-1, 2026-11-22

Asked: Security Hub. 2 open, 1 overdue.

## Overdue: 1 high

| severity | due | owner | finding | resource | found by | first seen |
| --- | --- | --- | --- | --- | --- | --- |
| high | 2026-11-12 | shop | S3 buckets should require TLS | arn:aws:s3:::models | Security Hub | 2026-10-13 |

## Open: 1 high

| severity | due | owner | finding | resource | found by | first seen |
| --- | --- | --- | --- | --- | --- | --- |
| high | 2026-12-21 | platform | S3 buckets should require TLS | arn:aws:s3:::models | Security Hub | 2026-11-21 |

## By owner

| owner | open | overdue |
| --- | --- | --- |
| platform | 1 | 0 |
| shop | 1 | 1 |
`);
  });

  it('is short when there is nothing', () => {
    expect(report()).toBe('# Audit of us-east-1, 2026-11-22\n\nAsked: Security Hub. 0 open, 0 overdue.\n');
  });

  it('keeps what others wrote inside its cell', () => {
    const text = report(finding({ title: 'a | b\n| <img src=x> [link](http://x) `c`' }));
    expect(text).toContain('| a \\| b \\| \\<img src=x\\> \\[link\\](http://x) \\`c\\` |');
  });

  it('counts by severity', () => {
    expect(countBySeverity(assigned(finding(), finding({ severity: 'LOW' }), finding()))).toBe('2 high, 1 low');
    expect(countBySeverity([])).toBe('none');
  });
});

describe('recommender audit', () => {
  it.each([
    ['high=0', 'allowed are days from 1 by severity, such as critical=7,high=30,medium=90,low=180'],
    ['info=3', 'those left out keep theirs'],
  ])('exits with 2 on --deadlines %s and says what is allowed', async (deadlines, message) => {
    const { exitCode, stderr } = await recommender([
      'audit',
      '--region',
      'us-east-1',
      '--owner',
      'platform',
      '--deadlines',
      deadlines,
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('wants to know the region and whose findings without an owner are', async () => {
    const env = { AWS_REGION: '' };
    expect((await recommender(['audit', '--region', 'us-east-1'], { env })).stderr).toContain(
      "'--owner <name>' not specified",
    );
  });

  it('exits with 3 where nobody is signed in, and says how to', async () => {
    const env = {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
    const { exitCode, stderr } = await recommender(['audit', '--region', 'us-east-1', '--owner', 'platform'], { env });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(/^recommender: .*credentials.*\n {2}aws sso login, or set AWS_PROFILE\n$/i),
    });
  });
});
