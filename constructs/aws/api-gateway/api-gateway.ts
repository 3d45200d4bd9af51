import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../../src';
import { EncryptedLogGroup } from '../encrypted-log-group';
import { ApiDomain, type ApiDomainName } from './api-domain';
import { type ApiRoute, RECOMMENDER_ROUTES } from './api-routes';
import type { IHttpBackend } from './http-backend';

export interface ApiGatewayProps {
  /** Letters, digits and hyphens. */
  readonly apiName: string;
  /** What answers. */
  readonly backend: IHttpBackend;
  /** Whose tokens are taken: `iss` and one of `aud` have to be these. */
  readonly tokens: { readonly issuer: string; readonly audiences: readonly [string, ...string[]] };
  /** Says how many requests a second are let through. */
  readonly capacity: CapacityPlan;
  /**
   * What is let through.
   * @default RECOMMENDER_ROUTES
   */
  readonly routes?: readonly ApiRoute[];
  /**
   * A name of one's own. With it, nothing answers under the name that AWS gives each API.
   * @default - the API answers under AWS's name alone
   */
  readonly domain?: ApiDomainName;
  /**
   * Origins whose pages may call it from a browser: `https://shop.example.com`.
   * @default [], none
   */
  readonly corsOrigins?: readonly string[];
  /**
   * Days that an access log is kept.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Refuses a destroy of the log group and its key.
   * @default true
   */
  readonly protection?: boolean;
}

/** Milliseconds that API Gateway waits for an answer, of which the model's own deadline is a fraction. */
const TIMEOUT_MS = 5000;
/** Seconds of its rate that the API lets through at once. */
const BURST_SECONDS = 2;

/** What is written of a request: nothing of its query, token and body. */
const LOGGED = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  address: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  backendMilliseconds: '$context.integrationLatency',
  backendError: '$context.integrationErrorMessage',
  tokenError: '$context.authorizer.error',
  client: '$context.authorizer.claims.client_id',
};

/** An HTTP API of API Gateway: tokens are checked and rates kept before a request reaches the model server. $1 a million. */
export class ApiGateway extends Construct {
  readonly resource: Apigatewayv2Api;
  readonly stage: Apigatewayv2Stage;
  readonly authorizer: Apigatewayv2Authorizer;
  readonly logGroup: EncryptedLogGroup;
  /** Absent without `domain`. */
  readonly domain?: ApiDomain;
  /** `https://…`, where callers reach it. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ApiGatewayProps) {
    super(scope, id);
    const { apiName, backend, domain, protection = true, logRetentionDays = 30 } = props;
    const routes = props.routes ?? RECOMMENDER_ROUTES;
    this.check(props, routes);
    this.resource = this.addApi(props);
    this.authorizer = this.addAuthorizer(props);
    const integration = new Apigatewayv2Integration(this, 'Integration', {
      apiId: this.resource.id,
      timeoutMilliseconds: TIMEOUT_MS,
      ...backend.bind(this, { apiName, executionArn: `${this.resource.executionArn}/*/*` }),
    });
    const added = routes.map((route) => this.addRoute(route, integration));
    this.logGroup = new EncryptedLogGroup(this, 'LogGroup', {
      logGroupName: `/aws/apigateway/${apiName}`,
      keyAliasName: `${apiName}-api-logs`,
      retentionDays: logRetentionDays,
      protection,
    });
    this.stage = this.addStage(props.capacity, routes, added);
    if (domain) {
      const mapped = { ...domain, apiId: this.resource.id, stageName: this.stage.name };
      this.domain = new ApiDomain(this, 'Domain', mapped);
    }
    this.url = this.domain ? `https://${this.domain.domainName}` : this.resource.apiEndpoint;
  }

  private addApi({ apiName, domain, corsOrigins = [] }: ApiGatewayProps): Apigatewayv2Api {
    return new Apigatewayv2Api(this, 'Resource', {
      name: apiName,
      description: 'The recommender',
      protocolType: 'HTTP',
      disableExecuteApiEndpoint: domain !== undefined,
      ...(corsOrigins.length > 0 && {
        corsConfiguration: {
          allowOrigins: [...corsOrigins],
          allowMethods: ['GET', 'POST'],
          allowHeaders: ['authorization', 'content-type'],
          maxAge: 3600,
        },
      }),
    });
  }

  private addAuthorizer({ apiName, tokens }: ApiGatewayProps): Apigatewayv2Authorizer {
    return new Apigatewayv2Authorizer(this, 'Authorizer', {
      apiId: this.resource.id,
      name: `${apiName}-tokens`,
      authorizerType: 'JWT',
      identitySources: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: tokens.issuer, audience: [...tokens.audiences] },
    });
  }

  private addRoute({ routeKey, scopes }: ApiRoute, integration: Apigatewayv2Integration): Apigatewayv2Route {
    return new Apigatewayv2Route(this, `Route-${routeKey.replace(/[^A-Za-z0-9]+/g, '-')}`, {
      apiId: this.resource.id,
      routeKey,
      target: `integrations/${integration.id}`,
      authorizationType: 'JWT',
      authorizerId: this.authorizer.id,
      authorizationScopes: scopes && [...scopes],
    });
  }

  /** The stage without a name, so that paths are the server's own. */
  private addStage(capacity: CapacityPlan, routes: readonly ApiRoute[], added: Apigatewayv2Route[]): Apigatewayv2Stage {
    const rate = Math.ceil(capacity.peakRequestsPerSecond);
    const limits = (share: number) => {
      const ofRate = Math.max(1, Math.ceil(rate * share));
      return { throttlingRateLimit: ofRate, throttlingBurstLimit: ofRate * BURST_SECONDS };
    };
    return new Apigatewayv2Stage(this, 'Stage', {
      apiId: this.resource.id,
      name: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: this.logGroup.resource.arn, format: Fn.jsonencode(LOGGED) },
      defaultRouteSettings: { detailedMetricsEnabled: true, ...limits(1) },
      routeSettings: routes.flatMap(({ routeKey, rateShare }) =>
        rateShare === undefined ? [] : [{ routeKey, detailedMetricsEnabled: true, ...limits(rateShare) }],
      ),
      // A rate can be kept of a route that is there.
      dependsOn: added,
    });
  }

  private check({ apiName, tokens, corsOrigins = [] }: ApiGatewayProps, routes: readonly ApiRoute[]): void {
    if (!/^[A-Za-z0-9-]{1,64}$/.test(apiName)) {
      throw new ConfigError(`apiName is ${apiName}; it must be 1 to 64 letters, digits and hyphens.`, this);
    }
    if (!tokens.issuer.startsWith('https://')) {
      throw new ConfigError(
        `tokens.issuer is ${tokens.issuer}; it must be an https:// address, where API Gateway finds the issuer's keys.`,
        this,
      );
    }
    const open = corsOrigins.find((origin) => !/^https:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin));
    if (open !== undefined) {
      throw new ConfigError(
        `corsOrigins has ${open}; it must be origins of pages, such as https://shop.example.com, and none for all.`,
        this,
      );
    }
    for (const { routeKey, rateShare = 1 } of routes) {
      if (!/^(DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/\S*$/.test(routeKey)) {
        throw new ConfigError(`routes has ${routeKey}; it must be a method and a path, such as GET /v1/model.`, this);
      }
      if (!(rateShare > 0 && rateShare <= 1)) {
        throw new ConfigError(
          `routes has ${routeKey} with rateShare ${rateShare}; it must be above 0, and 1 at most.`,
          this,
        );
      }
    }
  }
}
