const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Millicores of a quantity such as `500m` or `2`; undefined when it is none. */
export function cpuMillis(quantity: unknown): number | undefined {
  const [, number, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(quantity)) ?? [];
  return number === undefined ? undefined : Number(number) * (milli ? 1 : 1000);
}

/** MiB of a quantity such as `768Mi` or `1G`; undefined when it is none. */
export function memoryMib(quantity: unknown): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kMGT]|[KMGT]i)?$/.exec(String(quantity)) ?? [];
  return number === undefined ? undefined : (Number(number) * (BYTES[unit] as number)) / 2 ** 20;
}
