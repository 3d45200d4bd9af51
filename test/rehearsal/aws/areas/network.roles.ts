import { flowLogsRole } from '../parts/flow-logs-role';
import type { RoleExpectation } from '../role-expectation';

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-prod-closed'),
  flowLogsRole('shop-prod-closed', 'shop-prod'),
];
