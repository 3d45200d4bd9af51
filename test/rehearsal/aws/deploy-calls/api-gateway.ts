import type { MadeCall } from '@cdktf-recommender/rehearsal';
import type { Call } from '../role-expectation';

/** Where API Gateway has what. */
const PATHS: Readonly<Record<string, string>> = {
  Api: '/apis',
  ApiMapping: '/domainnames/0/apimappings',
  Authorizer: '/apis/0/authorizers',
  DomainName: '/domainnames',
  Integration: '/apis/0/integrations',
  Route: '/apis/0/routes',
  Stage: '/apis/0/stages',
  Tags: '/tags',
  VpcLink: '/vpclinks',
};

const METHODS: Readonly<Record<string, string>> = { Create: 'POST', Delete: 'DELETE', Get: 'GET', Update: 'PATCH' };

/**
 * API Gateway's actions are HTTP's methods, and its resources the paths.
 * Source: service authorization reference, "Amazon API Gateway Management V2"
 */
export function apiGatewayCall({ operation, region }: MadeCall): Call {
  const [, verb = '', noun = ''] = /^(Create|Delete|Get|Update)(\w+)$/.exec(operation) ?? [];
  const path = PATHS[noun];
  if (!path) throw new Error(`it is not known where API Gateway has what ${operation} is about: add it to PATHS`);
  const one = verb === 'Create' ? path : `${path}/0`;
  return { action: `apigateway:${METHODS[verb]}`, resource: `arn:aws:apigateway:${region}::${one}` };
}
