import { CloudfrontCachePolicy } from '@cdktf/provider-aws/lib/cloudfront-cache-policy';
import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { Lazy, type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AliasRecord } from '../dns/alias-record';
import type { Certificate } from '../dns/certificate';
import type { DnsZone } from '../dns/dns-zone';
import { inUsEast1 } from '../us-east-1';
import { EdgeAccessLogs } from './edge-access-logs';
import { API_ORIGIN, API_PATHS, apiBehavior, SITE_ORIGIN, sharedBehavior, siteBehavior } from './edge-behaviors';
import { EdgeHeaders } from './edge-headers';
import type { EdgeModels } from './edge-models';
import type { EdgeOrigin } from './edge-origin';
import { EdgeSite } from './edge-site';
import type { GeoRestriction } from './geo-restriction';
import type { WebAcl } from './web-acl';

export interface EdgeDistributionProps {
  /** Names what it makes: letters, digits and hyphens. */
  readonly distributionName: string;
  /** The model server's API. */
  readonly api: EdgeOrigin;
  /** For the names it answers to, with `placement: 'edge'`. */
  readonly certificate: Certificate;
  /** Where these names are. */
  readonly zone: DnsZone;
  /** Bucket of the access logs: 3 to 63 lowercase letters, digits and hyphens, unique in all of AWS. */
  readonly logBucketName: string;
  /**
   * Days that an access log is kept.
   * @default 90
   */
  readonly logRetentionDays?: number;
  /**
   * Files of a site beside the API, in a bucket of that name, with what its pages may load.
   * @default - the API alone
   */
  readonly site?: { readonly bucketName: string; readonly contentSecurityPolicy?: string };
  /**
   * Answers of models at the edge.
   * @default - every request goes on to the API, or is answered from the cache
   */
  readonly models?: EdgeModels;
  /**
   * With `placement: 'edge'`.
   * @default - nothing is refused at the edge
   */
  readonly webAcl?: WebAcl;
  /**
   * Seconds that the items like another one are kept; each caller's credentials have answers of their own.
   * @default 60
   */
  readonly similarItemsSeconds?: number;
  /**
   * Edge locations that answer: of North America and Europe, those and Asia's and Africa's, or all.
   * @default 'PriceClass_100'
   */
  readonly priceClass?: 'PriceClass_100' | 'PriceClass_200' | 'PriceClass_All';
  /**
   * Countries that are served, by their addresses.
   * @default - all
   */
  readonly geoRestriction?: GeoRestriction;
  /**
   * Lets browsers put the domain on the list that they are delivered with (https://hstspreload.org): all names below it
   * are then asked by HTTPS only, for months after it is taken off again.
   * @default false
   */
  readonly hstsPreload?: boolean;
  /**
   * Refuses a destroy of the buckets and of the logs' key.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * AWS provider of us-east-1, where CloudFront's logs are delivered from.
   * @default - the stack's own, which must then be of us-east-1
   */
  readonly usEast1?: TerraformProvider;
}

/** What a page of a site may load unless it says more: its own files. */
const OWN_FILES_ONLY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** An answer of the API loads nothing. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";
/** What went wrong once is asked again at once: 404 and 5xx would else be kept for 10 seconds. */
const NOT_KEPT = [404, 500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 }));

/** A CloudFront distribution in front of the recommender: TLS 1.2 and up, HTTP/3, a cache rule for each path, logs. */
export class EdgeDistribution extends Construct {
  readonly resource: CloudfrontDistribution;
  readonly cachePolicy: CloudfrontCachePolicy;
  readonly accessLogs: EdgeAccessLogs;
  /** Absent without `site`. */
  readonly site?: EdgeSite;
  /** `https://` and the first name. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: EdgeDistributionProps) {
    super(scope, id);
    this.check(props);
    const { distributionName, protection = true, logRetentionDays = 90, certificate, zone } = props;
    this.url = `https://${certificate.domainNames[0]}`;
    if (props.site) {
      const distributionArn = Lazy.stringValue({ produce: () => this.resource.arn });
      this.site = new EdgeSite(this, 'Site', { bucketName: props.site.bucketName, protection, distributionArn });
    }
    this.cachePolicy = this.addCachePolicy(distributionName, props.similarItemsSeconds ?? 60);
    this.resource = this.addDistribution(props);
    const target = { domainName: this.resource.domainName, zoneId: this.resource.hostedZoneId };
    certificate.domainNames.forEach((recordName, index) => {
      new AliasRecord(this, index === 0 ? 'Alias' : `Alias${index + 1}`, { zone, recordName, target });
    });
    this.accessLogs = new EdgeAccessLogs(this, 'AccessLogs', {
      distributionName,
      distribution: this.resource,
      bucketName: props.logBucketName,
      retentionDays: logRetentionDays,
      protection,
      provider: inUsEast1(this, props.usEast1),
    });
  }

  private addDistribution(props: EdgeDistributionProps): CloudfrontDistribution {
    const { distributionName, certificate, models, site, hstsPreload: preload = false } = props;
    const apiHeaders = new EdgeHeaders(this, 'ApiHeaders', {
      policyName: `${distributionName}-api`,
      contentSecurityPolicy: NOTHING,
      referrerPolicy: 'no-referrer',
      preload,
    }).resource.id;
    const siteHeaders =
      site &&
      new EdgeHeaders(this, 'SiteHeaders', {
        policyName: `${distributionName}-site`,
        contentSecurityPolicy: site.contentSecurityPolicy ?? OWN_FILES_ONLY,
        referrerPolicy: 'strict-origin-when-cross-origin',
        preload,
      }).resource.id;
    const api = apiBehavior(apiHeaders);
    return new CloudfrontDistribution(this, 'Resource', {
      enabled: true,
      comment: distributionName,
      aliases: [...certificate.domainNames],
      httpVersion: 'http2and3',
      isIpv6Enabled: true,
      priceClass: props.priceClass ?? 'PriceClass_100',
      defaultRootObject: this.site && 'index.html',
      webAclId: props.webAcl?.webAclArn,
      origin: [props.api.bind(this, API_ORIGIN), ...(this.site ? [this.site.origin(SITE_ORIGIN)] : [])],
      defaultCacheBehavior: siteHeaders ? siteBehavior(siteHeaders) : api,
      orderedCacheBehavior: [
        sharedBehavior(this.cachePolicy.id, apiHeaders, models?.functionArn),
        ...(models ? [{ pathPattern: models.visitorPath, ...apiBehavior(apiHeaders, models.functionArn) }] : []),
        ...(site ? API_PATHS.map((pathPattern) => ({ pathPattern, ...api })) : []),
      ],
      customErrorResponse: NOT_KEPT,
      restrictions: {
        geoRestriction: props.geoRestriction?.block ?? { restrictionType: 'none' },
      },
      viewerCertificate: {
        acmCertificateArn: certificate.certificateArn,
        minimumProtocolVersion: 'TLSv1.2_2021',
        sslSupportMethod: 'sni-only',
      },
    });
  }

  /** The server lets nobody keep its answers (`no-store`), so that a least time alone keeps these, at the edge only. */
  private addCachePolicy(distributionName: string, seconds: number): CloudfrontCachePolicy {
    return new CloudfrontCachePolicy(this, 'CachePolicy', {
      name: `${distributionName}-similar-items`,
      comment: 'The same for all customers, and for each caller that may ask',
      minTtl: seconds,
      defaultTtl: seconds,
      maxTtl: seconds,
      parametersInCacheKeyAndForwardedToOrigin: {
        // Without them, who may not ask would be answered from what others were told.
        headersConfig: { headerBehavior: 'whitelist', headers: { items: ['Authorization', 'x-api-key'] } },
        queryStringsConfig: { queryStringBehavior: 'whitelist', queryStrings: { items: ['limit', 'exclude'] } },
        cookiesConfig: { cookieBehavior: 'none' },
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      },
    });
  }

  private check({ certificate, webAcl, similarItemsSeconds = 60 }: EdgeDistributionProps): void {
    for (const [prop, placement] of [
      ['certificate', certificate.placement],
      ['webAcl', webAcl?.placement],
    ]) {
      if (placement === 'region') {
        throw new ConfigError(
          `${prop} has placement 'region'; CloudFront takes those with placement 'edge' only.`,
          this,
        );
      }
    }
    if (!(Number.isInteger(similarItemsSeconds) && similarItemsSeconds >= 1)) {
      throw new ConfigError(
        `similarItemsSeconds is ${similarItemsSeconds}; it must be a whole number of seconds from 1.`,
        this,
      );
    }
  }
}
