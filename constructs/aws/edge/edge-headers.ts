import { CloudfrontResponseHeadersPolicy } from '@cdktf/provider-aws/lib/cloudfront-response-headers-policy';
import { Construct } from 'constructs';

export interface EdgeHeadersProps {
  readonly policyName: string;
  /** What a page may load: a Content-Security-Policy. */
  readonly contentSecurityPolicy: string;
  /** What other sites are told of the page that led to them. */
  readonly referrerPolicy: 'no-referrer' | 'strict-origin-when-cross-origin';
  /** Whether browsers may have the domain on the list that they are delivered with. */
  readonly preload: boolean;
}

/** Two years, what browsers' preload lists ask for at least one of. */
const HSTS_SECONDS = 63_072_000;

/**
 * Headers that each answer leaves the edge with, whatever the origin said: TLS only from now on, no guess of another
 * type, in nobody's frame. Of the OWASP Secure Headers Project those that browsers of today read.
 */
export class EdgeHeaders extends Construct {
  readonly resource: CloudfrontResponseHeadersPolicy;

  constructor(scope: Construct, id: string, props: EdgeHeadersProps) {
    super(scope, id);
    const { policyName, contentSecurityPolicy, referrerPolicy, preload } = props;
    const override = true;
    this.resource = new CloudfrontResponseHeadersPolicy(this, 'Resource', {
      name: policyName,
      comment: 'Security headers',
      securityHeadersConfig: {
        strictTransportSecurity: {
          accessControlMaxAgeSec: HSTS_SECONDS,
          includeSubdomains: true,
          preload,
          override,
        },
        contentTypeOptions: { override },
        frameOptions: { frameOption: 'DENY', override },
        referrerPolicy: { referrerPolicy, override },
        contentSecurityPolicy: { contentSecurityPolicy, override },
      },
      // Which program answers is nobody's business.
      removeHeadersConfig: { items: [{ header: 'Server' }] },
    });
  }
}
