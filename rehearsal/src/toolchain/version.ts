/** Compares dotted numbers; negative when `a` is the older. `1.11` equals `1.11.0`; a pre-release counts as its release. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) =>
    version
      .replace(/[-+].*$/, '')
      .split('.')
      .map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
