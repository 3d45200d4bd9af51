import { isExactVersion, isPinnedImage, isReference } from '../lifecycle/pinned';
import { retiredPart } from '../lifecycle/retired-parts';
import { partsOf, type UsedPart } from '../lifecycle/stack-parts';
import { type AskedVersion, askedVersions } from '../lifecycle/stack-versions';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Finding, Guard } from './guard';

export interface RetiredPartsGuardProps {
  /**
   * Days ahead of the end of a version's support from which it is warned of.
   * @default 90
   */
  readonly warnDays?: number;
  /**
   * The day that support is looked at.
   * @default - today
   */
  readonly today?: Date;
}

/**
 * Refuses what its makers gave up: resource types, charts and images, versions of Kubernetes and databases whose standard
 * support has ended, and images and charts that aren't pinned. Warns of versions whose support is about to end.
 */
export class RetiredPartsGuard implements Guard {
  private readonly warnDays: number;
  private readonly today: string;
  private readonly soon: string;

  constructor({ warnDays = 90, today = new Date() }: RetiredPartsGuardProps = {}) {
    this.warnDays = warnDays;
    this.today = day(today);
    this.soon = day(new Date(today.getTime() + warnDays * 86_400_000));
  }

  check(stacks: readonly SynthesizedStack[]): Finding[] {
    return stacks.flatMap((stack) => [
      ...partsOf(stack).flatMap((used) => [...this.retired(used), ...unpinned(used)]),
      ...stack.ofType('helm_release').flatMap((release) => unpinnedChart(stack, release)),
      ...askedVersions(stack).flatMap((asked) => this.unsupported(asked)),
    ]);
  }

  private retired({ part, resource }: UsedPart): Finding[] {
    const retired = retiredPart(part);
    if (!retired) return [];
    const { name, ends, what, replacement, source } = retired;
    const since = ends === undefined ? '' : ends <= this.today ? ` since ${ends}` : ` from ${ends} on`;
    const of = part.kind === 'resource' ? '' : ` by the ${part.kind} ${part.name}`;
    return [error(resource, `uses ${name}${of}: ${what}${since}. Take ${replacement} instead (${source}).`)];
  }

  private unsupported({ resource, argument, version, calendar }: AskedVersion): Finding[] {
    const ends = calendar.ends[version];
    if (ends === undefined || ends > this.soon) return [];
    const later = Object.entries(calendar.ends).filter(([, end]) => end > this.soon);
    const supported = later.map(([name, end]) => `${name} (until ${end})`).join(', ');
    const take = supported === '' ? `a later version (${calendar.source})` : supported;
    if (ends <= this.today) {
      const message = `${argument} is ${version}: standard support of ${calendar.name} ended on ${ends}, and ${calendar.afterwards}. Take ${take}.`;
      return [error(resource, message)];
    }
    const message = `${argument} is ${version}: standard support of ${calendar.name} ends on ${ends}, within ${this.warnDays} days; then ${calendar.afterwards}. Plan for ${take}.`;
    return [{ severity: 'warning', path: resource.path, message }];
  }
}

/** AWS' own images of CodeBuild have no digest that one could name. */
const WITHOUT_DIGEST = /^aws\/codebuild\//;

function unpinned({ part, resource, ownImage }: UsedPart): Finding[] {
  if (part.kind !== 'image' || !ownImage) return [];
  if (isPinnedImage(part.name) || isReference(part.name) || WITHOUT_DIGEST.test(part.name)) return [];
  const message = `the image ${part.name} has neither a digest nor a version, so it changes under what runs. Name it as <image>@sha256:<64 hex digits>.`;
  return [error(resource, message)];
}

function unpinnedChart(stack: SynthesizedStack, release: SynthesizedResource): Finding[] {
  const { chart, repository, version = '' } = stack.known(release.block) as Record<string, string | undefined>;
  // A chart in a folder is the one of this commit.
  if (!repository || isExactVersion(version) || isReference(version)) return [];
  const given = version === '' ? 'no version' : `the version ${version}`;
  return [
    error(release, `the chart ${chart} has ${given}, so another one may be installed tomorrow. Name one: 1.2.3.`),
  ];
}

const error = ({ path }: SynthesizedResource, message: string): Finding => ({ severity: 'error', path, message });
const day = (date: Date) => date.toISOString().slice(0, 10);
