/** Random each time, unless `SEED` repeats a run. It is printed with what was found. */
export const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
