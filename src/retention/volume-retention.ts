const NAMES = ['empty_dir', 'emptyDir'];

/** Scratch volumes without a size, wherever they are in an object: they fill the node's disk. */
export function unboundedVolumes(value: unknown, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => unboundedVolumes(one, name));
  if (typeof value !== 'object' || value === null) return [];
  const own = typeof (value as { name?: unknown }).name === 'string' ? (value as { name: string }).name : name;
  return Object.entries(value).flatMap(([key, one]) => {
    if (!NAMES.includes(key)) return unboundedVolumes(one, own);
    // A block that comes once is an object, or a list of one.
    const [volume] = Array.isArray(one) ? one : [one];
    const size = volume?.size_limit ?? volume?.sizeLimit;
    return size === undefined ? [`may fill its node's disk with the emptyDir ${own}. Set sizeLimit`] : [];
  });
}
