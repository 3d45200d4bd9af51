import { join } from 'node:path';
import { loadConfig } from '../../src';
import { type Bill, billOf } from '../../src/cost/bill';
import { countedArea, countedStacks, production } from './counted-stacks';

/** Counted by hand, with the figures of the price lists and a month of 730 hours, not by the price list's data. */
const HAND = {
  eks: 73,
  t4gLarge: 49.06,
  m7gLarge: 59.57,
  disk: 50 * 0.08,
  nat: 32.85 + 3.65,
  networkBalancer: (zones: number) => 16.43 + zones * 3.65,
  volume: 20 * 0.08,
  key: 1,
  aks: 73,
  d2ps: 51.25,
  p6: 10.21,
  azureBalancer: 18.25,
  address: 3.65,
  azureVolume: 32 * 0.1125,
};

/** 5 % of 1,000 requests a second for 2,628,000 seconds, of 2 KiB each. */
const MILLIONS = 131.4;
const GB = (MILLIONS * 1e6 * 2048) / 1e9;

const within = (bill: Bill, hand: number) => {
  expect(Math.abs(bill.usd.expected - hand) / hand).toBeLessThan(0.02);
};

const logs = (gb: number, groups: number) => gb * 0.5 + (groups - 1) * 0.25;

test('the default production on both clouds, each with half of the requests', () => {
  const { eks, t4gLarge, disk, nat, networkBalancer, volume, key, aks, d2ps, p6, azureBalancer, address } = HAND;
  const half = GB / 2;
  const aws = eks + 2 * (t4gLarge + disk) + nat + networkBalancer(2) + volume + 2 * key;
  const awsUse = 20 * 0.045 + logs(5, 2) + 5 * 0.023 + half * 0.006 + (half - 100) * 0.09;
  const azure = aks + 2 * (d2ps + p6) + azureBalancer + 2 * address + HAND.azureVolume;
  const azureUse = half * 0.005 + (half - 100) * 0.087 + 5 * 0.026;
  within(billOf(countedStacks(loadConfig(join(__dirname, '../..')), 'prod')), aws + awsUse + azure + azureUse);
});

test('AWS alone with spot nodes and a NAT gateway in each of three zones', () => {
  const { eks, t4gLarge, disk, nat, networkBalancer, volume, key } = HAND;
  const stacks = production(
    { zones: 3, nat: 'per-zone', node: { spot: { instanceTypes: ['t4g.large', 'm7g.large'] } } },
    undefined,
  );
  const fixed = eks + 3 * (t4gLarge + disk) + 3 * nat + networkBalancer(3) + volume + 2 * key;
  const use = 20 * 0.045 + logs(5, 2) + 5 * 0.023 + GB * 0.006 + (GB - 100) * 0.09;
  within(billOf(stacks), fixed + use);
});

test('AWS alone with larger nodes, and a database with a key and a password of its own', () => {
  const { eks, m7gLarge, disk, nat, volume, key } = HAND;
  const stacks = production(
    {
      node: { instanceType: 'm7g.large', count: { min: 3, max: 6 } },
      database: { instanceClass: 'db.t4g.small' },
    },
    undefined,
  );
  const database = 23.36 + 20 * 0.115 + 0.4;
  const fixed = eks + 3 * (m7gLarge + disk) + nat + HAND.networkBalancer(2) + volume + 3 * key + database;
  const use = 20 * 0.045 + logs(5, 4) + 5 * 0.023 + GB * 0.006 + (GB - 100) * 0.09;
  within(billOf(stacks), fixed + use);
});

test('Azure alone with a NAT gateway, and more traffic', () => {
  const { aks, d2ps, p6, address, azureBalancer, azureVolume } = HAND;
  const stacks = production(undefined, { egress: 'nat-gateway' });
  const fixed = aks + 2 * (d2ps + p6) + 32.85 + 2 * address + azureVolume;
  const use = 20 * 0.045 + (4 * GB - 100) * 0.087 + 5 * 0.026;
  const bill = billOf(stacks, { usage: { meanLoadPercent: 20 } });
  // A cluster behind a NAT gateway still has a load balancer for what comes in.
  within(bill, fixed + use + azureBalancer + 4 * GB * 0.005);
});

test('Fargate behind a load balancer with a firewall: two tasks on demand, from 6 to 22 on weekdays', () => {
  const bill = billOf([countedArea('fargate')]);
  const open = (16 * 5) / 168;
  const tasks = open * 2 * 730 * (2 * 0.03238 + 4 * 0.00356);
  const balancer = 16.43 + 2 * 3.65 + GB * 0.008 + (GB - 100) * 0.09;
  const firewall = 5 + 3 + MILLIONS * 0.6;
  const rest = HAND.nat + 20 * 0.045 + 4 * HAND.key + 0.4 + 3 * 0.25 + 2 * 0.1 + 2 * 5 * 0.023;
  within(bill, tasks + balancer + firewall + rest);
});
