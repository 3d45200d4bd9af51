import type { Context } from './conditions';

/** A text of a policy with what the request says in the place of its variables; none when the request says nothing. */
export function withVariables(text: string, context: Context): string | undefined {
  let missing = false;
  const replaced = text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = Object.entries(context).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    missing ||= typeof value !== 'string';
    return typeof value === 'string' ? value : '';
  });
  return missing ? undefined : replaced;
}
