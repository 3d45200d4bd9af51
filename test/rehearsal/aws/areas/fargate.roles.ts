import { flowLogsRole } from '../parts/flow-logs-role';
import {
  otherSecrets,
  otherThanPullsImage,
  otherThanReadsModels,
  otherThanWritesLogs,
  pullsImage,
  readsModels,
  writesLogs,
} from '../parts/server-calls';
import type { RoleExpectation } from '../role-expectation';

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-other'),
  {
    role: 'shop-prod-task',
    allowed: readsModels,
    // What ECS fetches for it, the server itself may not.
    denied: [...otherThanReadsModels, ...pullsImage, ...writesLogs, ...otherSecrets],
  },
  {
    role: 'shop-prod-execution',
    wildcards: [
      { action: 'ecr:GetAuthorizationToken', why: 'a token is for the whole registry: the API takes no resource' },
    ],
    allowed: [...pullsImage, ...writesLogs],
    denied: [...otherThanPullsImage, ...otherThanWritesLogs, ...otherSecrets, ...readsModels],
  },
];
