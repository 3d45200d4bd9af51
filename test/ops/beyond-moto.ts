import { CHAT_ROLE } from '../rehearsal/aws/areas/observability';
import type { Call } from '../rehearsal/aws/role-expectation';
import { arn, iam, makesOwnRole, passed, TEAMS_CHANNEL } from './near-deploys';

/** Calls of what areas leave out, because moto hasn't got it. */
export const BEYOND_MOTO: Readonly<Record<string, readonly Call[]>> = {
  audit: [
    ...['CreateAnalyzer', 'DeleteAnalyzer', 'GetAnalyzer', 'TagResource'].map((name) => ({
      action: `access-analyzer:${name}`,
      resource: arn('access-analyzer', 'analyzer/shop-prod-access'),
    })),
    makesOwnRole('access-analyzer.amazonaws.com'),
  ],
  migration: [
    ...['AddTagsToResource', 'DeleteCertificate', 'ImportCertificate'].map((name) => ({
      action: `dms:${name}`,
      resource: arn('dms', 'cert:0'),
    })),
    { action: 'dms:DescribeCertificates', resource: '*' },
  ],
  observability: [
    ...['Create', 'Get'].map((verb) => ({
      action: `chatbot:${verb}MicrosoftTeamsChannelConfiguration`,
      resource: '*',
    })),
    { action: 'chatbot:ListTagsForResource', resource: '*' },
    ...[
      'DeleteMicrosoftTeamsChannelConfiguration',
      'TagResource',
      'UntagResource',
      'UpdateMicrosoftTeamsChannelConfiguration',
    ].map((name) => ({ action: `chatbot:${name}`, resource: TEAMS_CHANNEL })),
    { action: 'iam:PassRole', resource: iam(`role/${CHAT_ROLE}`), context: passed('chatbot.amazonaws.com') },
    ...['CreateLogGroup', 'PutRetentionPolicy', 'DeleteLogGroup'].map((name) => ({
      action: `logs:${name}`,
      resource: arn('logs', `log-group:/aws/chatbot/${CHAT_ROLE}`),
    })),
    makesOwnRole('management.chatbot.amazonaws.com'),
  ],
};
