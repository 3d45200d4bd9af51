import fc from 'fast-check';
import { overlayNodes, usableAddresses } from '../../../src/capacity/addresses';
import { aksNode } from '../../../src/capacity/aks-nodes';
import { EC2_INSTANCE_SIZES, ec2Node, podAddresses } from '../../../src/capacity/ec2-nodes';
import { nodesLeft, nodesNeeded, replicasHeld, replicasOn, scarcest } from '../../../src/capacity/placement';
import { cpuMillis, memoryMib } from '../../../src/capacity/quantities';

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const RUNS = { seed: SEED, numRuns: 10_000 };

const sizes = fc.record({ cpuMillis: fc.integer({ min: 1, max: 4000 }), memoryMib: fc.integer({ min: 1, max: 8192 }) });
const loads = fc.record({ cpuMillis: fc.nat(8000), memoryMib: fc.nat(16_384), pods: fc.nat(60) });
const nodes = fc.record({
  cpuMillis: fc.integer({ min: 1, max: 16_000 }),
  memoryMib: fc.integer({ min: 1, max: 65_536 }),
  pods: fc.integer({ min: 1, max: 110 }),
});

describe(`for any node and replica (SEED=${SEED})`, () => {
  test('a replica more never needs fewer nodes', () => {
    fc.assert(
      fc.property(fc.nat(1000), sizes, nodes, loads, (replicas, replica, node, once) => {
        return nodesNeeded(replicas + 1, replica, node, once) >= nodesNeeded(replicas, replica, node, once);
      }),
      RUNS,
    );
  });

  test('as many nodes as are needed hold the replicas, and one fewer does not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), sizes, nodes, (replicas, replica, node) => {
        const each = replicasOn(node, replica);
        const needed = nodesNeeded(replicas, replica, node);
        return each === 0 ? needed === Infinity : needed * each >= replicas && (needed - 1) * each < replicas;
      }),
      RUNS,
    );
  });

  test('a larger node never holds fewer, and never needs more nodes', () => {
    fc.assert(
      fc.property(fc.nat(1000), sizes, nodes, loads, loads, (replicas, replica, node, more, once) => {
        const larger = {
          cpuMillis: node.cpuMillis + more.cpuMillis,
          memoryMib: node.memoryMib + more.memoryMib,
          pods: node.pods + more.pods,
        };
        return (
          replicasOn(larger, replica) >= replicasOn(node, replica) &&
          nodesNeeded(replicas, replica, larger, once) <= nodesNeeded(replicas, replica, node, once)
        );
      }),
      RUNS,
    );
  });

  test('a replica more, or a node more, never lowers what the pools answer, and what runs once never adds to it', () => {
    const pools = fc.array(fc.record({ nodes: fc.nat(50), node: nodes }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(pools, fc.nat(500), sizes, loads, (all, replicas, replica, once) => {
        const answers = (count: number, of: typeof all) => Math.min(count, replicasHeld(of, replica, once));
        const [first, ...others] = all as [(typeof all)[0], ...typeof all];
        const larger = [{ ...first, nodes: first.nodes + 1 }, ...others];
        return (
          answers(replicas + 1, all) >= answers(replicas, all) &&
          answers(replicas, larger) >= answers(replicas, all) &&
          replicasHeld(all, replica) >= replicasHeld(all, replica, once)
        );
      }),
      RUNS,
    );
  });

  test('a zone more never leaves fewer nodes when one is lost, and a node more neither', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 10 }), (count, zones) => {
        const left = nodesLeft(count, zones);
        return nodesLeft(count, zones + 1) >= left && nodesLeft(count + 1, zones) >= left && left < Math.max(1, count);
      }),
      RUNS,
    );
  });
});

test('one zone leaves nothing when it is lost, two leave half', () => {
  expect([nodesLeft(4, 1), nodesLeft(4, 2), nodesLeft(3, 2), nodesLeft(2, 3)]).toEqual([0, 2, 1, 1]);
});

test.each([
  ['CPU', { cpuMillis: 1000, memoryMib: 8192, pods: 100 }],
  ['memory', { cpuMillis: 9000, memoryMib: 1024, pods: 100 }],
  ['pods', { cpuMillis: 9000, memoryMib: 8192, pods: 3 }],
] as const)('%s runs out first on %j', (what, node) => {
  expect(scarcest(node, { cpuMillis: 500, memoryMib: 512 })).toBe(what);
});

describe('nodes of EKS', () => {
  test('a t4g.large offers what the kubelet, the system and the daemon sets leave of it', () => {
    // 2000m − 60m − 10m − 200m; 8192 MiB × 0.95 − 255 − 11 × 35 − 100 − 300; 35 pods − 4
    expect(ec2Node('t4g.large')).toEqual({ cpuMillis: 1730, memoryMib: 6742, pods: 31 });
  });

  // The list that EKS's images have: nodeadm/internal/kubelet/eni-max-pods.txt.
  test.each([
    ['t4g.medium', 17],
    ['t4g.large', 35],
    ['t4g.xlarge', 58],
    ['m7g.large', 29],
    ['m7g.xlarge', 58],
    ['c7g.large', 29],
    ['c7g.xlarge', 58],
    ['c7g.2xlarge', 58],
    ['m8g.large', 29],
    ['c8g.large', 29],
    ['m7i.large', 29],
  ])('a %s runs %d pods', (type, pods) => {
    expect(podAddresses(type)?.pods).toBe(pods);
  });

  test('every size in the table is compared', () => {
    expect(Object.keys(EC2_INSTANCE_SIZES)).toHaveLength(11);
  });

  test('with prefixes a node runs 110 pods, and takes addresses by sixteens', () => {
    expect(podAddresses('t4g.large', true)).toEqual({ pods: 110, addresses: 131 });
  });

  test('another type is not known', () => {
    expect([ec2Node('z9.mega'), podAddresses('z9.mega')]).toEqual([undefined, undefined]);
  });
});

describe('nodes of AKS', () => {
  test('a D2ps_v6 offers what the kubelet and AKS leave of it', () => {
    // 2000m − 100m − 300m; 8192 MiB − 20 × 50 − 50 − 100 − 500; 50 pods − 12
    expect(aksNode('Standard_D2ps_v6', 50)).toEqual({ cpuMillis: 1600, memoryMib: 6542, pods: 38 });
  });

  test('a size that its name does not tell is not known', () => {
    expect(aksNode('Standard_NC24ads_A100_v4', 50)).toBeUndefined();
  });
});

test.each([
  ['10.64.0.0/20', 4091],
  ['10.64.0.0/30', 0],
  [`\${aws_vpc.Network.cidr_block}`, undefined],
  [undefined, undefined],
])('%s has %p addresses to give', (cidr, addresses) => {
  expect(usableAddresses(cidr)).toBe(addresses);
});

test.each([
  ['10.244.0.0/16', 256],
  ['10.244.0.0/24', 1],
  ['10.244.0.0/28', undefined],
])('pods’ range %s is enough for %p nodes', (range, most) => {
  expect(overlayNodes(range)).toBe(most);
});

test.each([
  ['500m', 500],
  ['2', 2000],
  ['0.25', 250],
  ['lots', undefined],
  [undefined, undefined],
])('%p CPU are %p millicores', (quantity, millis) => {
  expect(cpuMillis(quantity)).toBe(millis);
});

test.each([
  ['768Mi', 768],
  ['1Gi', 1024],
  ['1048576', 1],
  ['1G', 1e9 / 2 ** 20],
  ['1Xi', undefined],
])('%p memory is %p MiB', (quantity, mib) => {
  expect(memoryMib(quantity)).toBe(mib);
});
