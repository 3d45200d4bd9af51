import type { ITerraformDependable } from 'cdktf';
import type { CertManager } from './cert-manager';

const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

/** Where a Gateway's certificate comes from. */
export class GatewayCertificate {
  /**
   * A certificate authority that speaks ACME, which has to reach the hostname on port 80.
   *
   * @param email who is told when a certificate is about to expire
   * @param server of another authority than Let's Encrypt
   */
  static acme(options: {
    readonly certManager: CertManager;
    readonly email: string;
    readonly server?: string;
  }): GatewayCertificate {
    const { certManager, email, server = LETS_ENCRYPT } = options;
    return new GatewayCertificate({ email, server }, [certManager.release]);
  }

  /** A Secret with `tls.crt` and `tls.key` in the Gateway's namespace, which somebody else keeps. */
  static secret(secretName: string): GatewayCertificate {
    return new GatewayCertificate(undefined, [], secretName);
  }

  private constructor(
    readonly acme: { readonly email: string; readonly server: string } | undefined,
    readonly ready: ITerraformDependable[],
    readonly secretName = 'gateway-certificate',
  ) {}
}
