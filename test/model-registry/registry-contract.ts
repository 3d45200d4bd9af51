import { describeChannels } from './channel-contract';
import type { StoreUnderTest } from './fixtures';
import { describePromotionRaces } from './promotion-race-contract';
import { describeResolve } from './resolve-contract';
import { describeRollouts } from './rollout-contract';
import { describeRuns } from './run-contract';
import { describeVersions } from './version-contract';

/** What the registry does on every store. */
export function describeModelRegistry(store: StoreUnderTest): void {
  describe('versions', () => describeVersions(store));
  describe('resolve', () => describeResolve(store));
  describe('channels', () => describeChannels(store));
  describe('promotions at once', () => describePromotionRaces(store));
  describe('rollouts', () => describeRollouts(store));
  describe('runs', () => describeRuns(store));
}
