import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';

/** What of a repository is followed. */
export class GitRevision {
  /** Each commit to it is deployed. */
  static branch(name: string): GitRevision {
    return new GitRevision('branch', name);
  }

  static tag(name: string): GitRevision {
    return new GitRevision('tag', name);
  }

  /** @param sha all 40 digits of it */
  static commit(sha: string): GitRevision {
    if (!/^[0-9a-f]{40}$/.test(sha)) {
      throw new ConfigError(`GitRevision.commit has ${sha}; allowed are all 40 hex digits: 'git rev-parse HEAD'.`);
    }
    return new GitRevision('commit', sha);
  }

  private constructor(
    readonly kind: 'branch' | 'tag' | 'commit',
    readonly name: string,
  ) {}
}

/** Where manifests are kept, and what becomes of what they made. */
export interface GitSourceProps {
  /** Of the repository: `https://git.example.com/shop/deploy.git` or `ssh://git@git.example.com/shop/deploy.git`. */
  readonly url: string;
  readonly revision: GitRevision;
  /**
   * Folders with manifests, from the repository's root, as `recommender manifests` writes them.
   * @default ['manifests', 'monitoring']
   */
  readonly paths?: readonly string[];
  /**
   * Whether what was deployed goes when this construct does. What goes from the repository is always deleted.
   * @default false
   */
  readonly deletesWorkloads?: boolean;
}

/** Checked, with the defaults. */
export interface GitSource extends Required<Omit<GitSourceProps, 'paths'>> {
  readonly paths: readonly string[];
}

export function gitSource(scope: Construct, props: GitSourceProps): GitSource {
  const { url, revision, paths = ['manifests', 'monitoring'], deletesWorkloads = false } = props;
  if (/^(https?:\/\/[^/]*@|\w+:\/\/[^/@]*:[^/]*@)/.test(url)) {
    throw new ConfigError(
      'url has a name or a password in it, which everybody who sees the object could read. Keep them in a Secret.',
      scope,
    );
  }
  if (!/^(https|ssh):\/\/[^/]+\/.+$/.test(url)) {
    throw new ConfigError(
      `url is ${url}; allowed are https:// and ssh://, so that nobody on the way changes what is deployed.`,
      scope,
    );
  }
  const outside = paths.find((path) => !/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(path));
  if (outside !== undefined || paths.length === 0) {
    throw new ConfigError(
      `paths has ${outside ?? 'no folder'}; allowed are folders from the root of the repository, such as manifests.`,
      scope,
    );
  }
  return { url, revision, paths, deletesWorkloads };
}
