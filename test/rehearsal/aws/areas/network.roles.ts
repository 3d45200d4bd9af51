import { flowLogsRole } from '../parts/flow-logs-role';
import type { RoleExpectation } from '../role-expectation';

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-closed'),
  flowLogsRole('shop-closed', 'shop-prod'),
];
