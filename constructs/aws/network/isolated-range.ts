import type { NetworkLocation } from '../../contracts';
import type { Network } from './network';

/** Addresses of all isolated subnets, which follow one another, however many zones there are. */
export function isolatedRange({ isolatedSubnets }: Network): NetworkLocation & { readonly cidr: string } {
  const [first] = isolatedSubnets;
  // The first of four /24s that begin at a multiple of four.
  return { cidr: (first?.cidrBlockInput ?? '').replace(/\/24$/, '/22') };
}
