import { z } from 'zod';
import { object } from './checks';

export const PROFILES = ['lean', 'standard', 'regulated'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** What a profile switches on beside the recommender itself, and `parts` by itself. */
export const AWS_PARTS = {
  accessAnalyzer:
    'Access Analyzer says what is shared with somebody outside the account, which has one in a region at most.',
  accessLogs: 'S3 writes who asked a bucket of the stack for what.',
  auditTrail: 'CloudTrail keeps every call to AWS, in a bucket that nothing is deleted from for a year.',
  auditTrailLogs: 'The same events are in CloudWatch too for a year, to search and alarm on; with `auditTrail`.',
  backup: 'AWS Backup copies the model store and the database, in a vault whose lock keeps them.',
  configRules: 'AWS Config records how everything is set, and says what is not as it should be.',
  dnsQueryLogs: 'Who asks for which name of the zone is kept for 90 days; with `domain`.',
  encryptedFlowLogs: "The network's flow logs have a key of their own.",
  natPerZone: 'A NAT gateway in each zone; with `nat` left out.',
  objectLock:
    'What is in the model store can be deleted after 30 days only. A bucket has it from its creation on, or not at all.',
  restoreTests: 'AWS Backup restores a backup every week, to see that it can be; with `backup`.',
  standby: 'The database has a standby in another zone, and the cache a replica.',
  threatDetection: 'GuardDuty, Inspector and Security Hub watch the account; attacks are told at once.',
  yearOfLogs: 'Every log group keeps its lines for a year, instead of the month or three that most do.',
} as const;
export type AwsPart = keyof typeof AWS_PARTS;

/** `lean` is what the budget of $500 for both clouds holds. */
const ON: Readonly<Record<ProfileName, readonly AwsPart[]>> = {
  lean: [],
  standard: ['accessAnalyzer', 'accessLogs', 'auditTrail', 'backup', 'standby'],
  regulated: Object.keys(AWS_PARTS) as AwsPart[],
};

/** Whether an environment has a part: as `parts` says, else as its profile does. */
export function hasPart({ profile, parts }: { profile: ProfileName; parts: AwsParts }, part: AwsPart): boolean {
  return parts[part] ?? ON[profile].includes(part);
}

const describedParts = Object.entries(AWS_PARTS).map(([name, what]) => {
  const profiles = PROFILES.filter((profile) => ON[profile].includes(name as AwsPart));
  return [
    name,
    z
      .boolean()
      .optional()
      .describe(`${what} On in ${profiles.map((one) => `\`${one}\``).join(', ')}.`),
  ];
});

export const Profile = z
  .enum(PROFILES)
  .default('lean')
  .describe('Which parts of AWS there are beside the recommender itself. What each costs: docs/profiles.md.');

export const AwsParts = object(Object.fromEntries(describedParts) as Record<AwsPart, z.ZodOptional<z.ZodBoolean>>)
  .prefault({})
  .describe('Switches single parts on or off, whatever the profile says.');
type AwsParts = z.output<typeof AwsParts>;
