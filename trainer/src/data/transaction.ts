/** The header of the Online Retail file: the columns we read, in its order. */
export const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/** One line of the file, parsed. */
export interface Transaction {
  invoice: string;
  stockCode: string;
  description: string;
  quantity: number;
  /** Epoch milliseconds; the file's local time is read as if it were UTC. */
  at: number;
  /** Pounds sterling per unit. */
  unitPrice: number;
  /** Empty when the customer is unknown. */
  customer: string;
}

/**
 * Parses one record.
 *
 * @returns the transaction, or what makes the line malformed, in the column's own name
 */
export function parseTransaction(record: readonly string[]): Transaction | string {
  if (record.length !== COLUMNS.length) return `has ${record.length} columns, expected ${COLUMNS.length}`;
  const [invoice, stockCode, description, quantity, invoiceDate, unitPrice, customerId] = record as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (invoice === '') return 'InvoiceNo is empty';
  if (!/^[+-]?\d+$/.test(quantity)) return `Quantity ${quote(quantity)} is not a whole number`;
  const at = parseLocalTime(invoiceDate);
  if (at === undefined) return `InvoiceDate ${quote(invoiceDate)} is not a time of the form YYYY-MM-DD HH:MM:SS`;
  if (!/^[+-]?\d+(\.\d+)?$/.test(unitPrice)) return `UnitPrice ${quote(unitPrice)} is not a number`;
  const customer = /^(\d+)(\.0)?$|^$/.exec(customerId);
  if (!customer) return `CustomerID ${quote(customerId)} is not a whole number`;
  return {
    invoice,
    stockCode,
    description,
    quantity: Number(quantity),
    at,
    unitPrice: Number(unitPrice),
    customer: customer[1] ?? '',
  };
}

const LOCAL_TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;

/** Lines of one invoice share their time, and parsing it is most of the work of a line. */
let previous = { text: '', at: undefined as number | undefined };

function parseLocalTime(text: string): number | undefined {
  if (text !== previous.text) previous = { text, at: parseTime(text) };
  return previous.at;
}

function parseTime(text: string): number | undefined {
  if (!LOCAL_TIME.test(text)) return undefined;
  const iso = `${text.slice(0, 10)}T${text.slice(11)}.000Z`;
  const at = Date.parse(iso);
  // Date.parse moves 31 February to March; a date that doesn't come back as it went in doesn't exist.
  return Number.isNaN(at) || new Date(at).toISOString() !== iso ? undefined : at;
}

function quote(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
