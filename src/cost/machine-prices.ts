import type { PriceList } from './price-list';

/** A price of the list, and how many of it a machine costs. */
export interface MachinePrice {
  readonly price: string;
  readonly factor: number;
}

type Prices = Pick<PriceList, 'find'>;

/** Families of EC2 cost in proportion to their sizes, unless the user has a price of the very type. */
export function ec2Price(instanceType: string, prices: Prices): MachinePrice {
  const [family = '', size = ''] = instanceType.split('.');
  const factor = sizeFactor(size);
  if (prices.find(`aws/ec2/${instanceType}`) || factor === undefined || !prices.find(`aws/ec2/${family}`)) {
    return { price: `aws/ec2/${instanceType}`, factor: 1 };
  }
  return { price: `aws/ec2/${family}`, factor };
}

const SIZES: Readonly<Record<string, number>> = { nano: 1 / 16, micro: 1 / 8, small: 1 / 4, medium: 1 / 2, large: 1 };

/** How many times a `large`. */
function sizeFactor(size: string): number | undefined {
  const xlarge = /^(\d*)xlarge$/.exec(size);
  return xlarge ? 2 * Number(xlarge[1] || 1) : SIZES[size];
}

/** Azure's families cost in proportion to their vCPUs: `Standard_D2ps_v6` is two of `Dps_v6`. */
export function vmPrice(size: string, prices: Prices): MachinePrice {
  const parts = /^Standard_([A-Z]+)(\d+)(\w*)$/.exec(size);
  const family = `azure/vm/${parts?.[1]}${parts?.[3]}`;
  if (prices.find(`azure/vm/${size}`) || !parts || !prices.find(family))
    return { price: `azure/vm/${size}`, factor: 1 };
  return { price: family, factor: Number(parts[2]) };
}
