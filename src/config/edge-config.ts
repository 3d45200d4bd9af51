import { z } from 'zod';
import { object } from './checks';
import { Hostname } from './cloud-settings';

/** `environments.<name>.aws.domain` */
export const Domain = object({
  name: Hostname.describe(
    'Domain that the stack answers for, such as `shop.example.com`: the one above it has to name its `name_servers`.',
  ),
  dnssec: z
    .boolean()
    .default(false)
    .describe('Whether it is signed; resolvers check that once the domain above has the output `ds_record`.'),
}).describe("A zone of Route 53, in which external-dns names the gateway's load balancer.");

const Country = z.string().regex(/^[A-Z]{2}$/, 'must be a country such as DE');

/** `environments.<name>.aws.edge` */
export const Edge = object({
  hostnames: z
    .tuple([Hostname], Hostname)
    .describe('Names that CloudFront answers to, in `domain`; requests go on to `gateway.hostname`.'),
  countries: z
    .tuple([Country], Country)
    .optional()
    .describe('The only countries that are served, by ISO 3166. All if left out.'),
  refuseAnonymous: z
    .boolean()
    .default(false)
    .describe(
      'Whether callers behind VPNs, Tor and hosting providers are refused, who else are where their address says they are not. Shops whose servers ask from a hosting provider are refused too.',
    ),
  botControl: z.boolean().default(false).describe('Whether AWS is asked which callers are bots.'),
}).describe(
  'CloudFront in front of the gateway, with a firewall, and with answers of the model kept at the edge. `domain` has to answer first: the certificate waits for it.',
);
