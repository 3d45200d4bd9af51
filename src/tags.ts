import type { IAspect } from 'cdktf';
import type { IConstruct } from 'constructs';

/** What every resource says about itself. */
export interface StandardTags {
  readonly project: string;
  readonly environment: string;
  readonly owner: string;
  /**
   * Whose budget pays for it.
   * @default - the project
   */
  readonly costCenter?: string;
}

export function standardTags({ costCenter, ...tags }: StandardTags): Record<string, string> {
  return { ...tags, 'cost-center': costCenter ?? tags.project, 'managed-by': 'cdktf-recommender' };
}

interface Taggable extends IConstruct {
  tags?: Record<string, string>;
  tagsInput?: Record<string, string>;
}

/**
 * Adds tags to every resource that has them; a resource's own value for a key wins. Attach it to a stack, not to the
 * app, where CDKTF never visits it. For providers without default tags of their own.
 */
export class TagsAspect implements IAspect {
  constructor(private readonly tags: Record<string, string>) {}

  visit(node: IConstruct): void {
    if (!('tagsInput' in node)) return;
    const taggable = node as Taggable;
    taggable.tags = { ...this.tags, ...taggable.tagsInput };
  }
}
