export const CUSTOMERS = 40;
export const ITEMS = 30;

/** Ten months of a shop, as CSV, whose customers like items whose number has their own remainder by 3. */
export function transactions(seed: number): string {
  let state = seed;
  const below = (limit: number): number => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
  const lines = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
  for (let invoice = 0; invoice < 800; invoice++) {
    const customer = below(CUSTOMERS);
    const item = below(4) === 0 ? below(ITEMS) : (below(ITEMS / 3) * 3 + (customer % 3)) % ITEMS;
    const date = new Date(Date.UTC(2011, 0, 1 + below(300), below(24))).toISOString();
    const at = `${date.slice(0, 10)} ${date.slice(11, 19)}`;
    lines.push(`${500000 + invoice},${20000 + item},ITEM ${item},1,${at},1.5,${10000 + customer},France`);
  }
  return `${lines.join('\n')}\n`;
}
