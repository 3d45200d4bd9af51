import { parse } from 'yaml';
import { isPinnedAction } from './pinned';
import { HIJACKED_ACTIONS } from './retired-parts';

/**
 * What is wrong with the actions of a GitHub workflow, or of a composite action: those that aren't named by a
 * commit. Actions of the same repository (`./…`) are of the same commit.
 *
 * @param text the file's YAML
 * @returns a line for each, in the order of the file; none when it holds no steps
 * @throws Error when it is no YAML
 */
export function actionProblems(text: string): string[] {
  return [...new Set(usesIn(parse(text)))].flatMap((uses) => {
    if (uses.startsWith('./')) return [];
    if (uses.startsWith('docker://')) {
      return /@sha256:[0-9a-f]{64}$/.test(uses)
        ? []
        : [`${uses} has no digest; name it as docker://<image>@sha256:<64 hex digits>.`];
    }
    const [name = '', ref = ''] = uses.split('@');
    const action = name.split('/').slice(0, 2).join('/');
    if (isPinnedAction(ref)) return [];
    const known = HIJACKED_ACTIONS[action];
    return [
      `${uses} is not named by a commit${known ? ` (${known})` : ', and its tag can be moved'}; name it as ${name}@<40 hex digits>.`,
    ];
  });
}

function usesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(usesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === 'uses' && typeof one === 'string' ? [one] : usesIn(one),
  );
}
