import type { IWorkloadIdentity } from './workload-identity';

/** A public DNS zone: Route 53's or Azure's. */
export interface IDnsZone<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /** `shop.example.com`; names in it end so. */
  readonly domainName: string;
  readonly externalDns: ExternalDnsSettings;
  readonly grants: {
    /** May list the zone and change its records. */
    write(identity: Identity): void;
  };
}

/** How external-dns finds a zone. */
export interface ExternalDnsSettings {
  /** As external-dns names it. */
  readonly provider: 'aws' | 'azure';
  /** Its flags without dashes: `zone-id-filter`. */
  readonly args: Readonly<Record<string, string>>;
  /** Environment variables, such as the region of the cloud's SDK. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * What the flag's file has to say; no secret.
   * @default - the provider needs no file
   */
  readonly configFile?: { readonly flag: string; readonly content: string };
}
