import { DataError } from '../errors';
import { type CleaningAccount, DROP_REASONS, type DropReason, dropReason } from './cleaning';
import { type Interactions, InteractionsBuilder } from './interactions';
import { ItemNames } from './item-names';
import { readCsv } from './read-csv';
import { parseTransaction } from './transaction';

/** The dataset that travels in the repository. */
export const ONLINE_RETAIL = {
  name: 'Online Retail',
  source:
    'Daqing Chen, Online Retail, UCI Machine Learning Repository, 2015, https://doi.org/10.24432/C5BW33, CC BY 4.0',
  /** Of data/online-retail.csv.gz. */
  sha256: '737745256ddb4410bfe4e29f2dcb72329b7486e584837f1e84f9a07416cf7d45',
} as const;

/** How many malformed lines the account lists. */
const LISTED_PROBLEMS = 10;

export interface ReadOptions {
  /** Largest share of malformed lines, 0 to 1, before the run stops. @default 0.01 */
  maxMalformedShare?: number;
}

export interface Dataset {
  interactions: Interactions;
  account: CleaningAccount;
  /** SHA-256 of the file as it is on disk. */
  sha256: string;
}

/**
 * Reads and cleans transactions in the format of Online Retail, in one streaming pass.
 *
 * @param path a CSV file, plain or gzipped
 * @throws DataError when the file can't be read, holds too many malformed lines, or nothing is left after cleaning
 */
export async function readDataset(path: string, options: ReadOptions = {}): Promise<Dataset> {
  const maxMalformedShare = options.maxMalformedShare ?? 0.01;
  const dropped = Object.fromEntries(Object.keys(DROP_REASONS).map((reason) => [reason, 0])) as Record<
    DropReason,
    number
  >;
  const malformed: CleaningAccount['malformed'] = { count: 0, first: [] };
  const builder = new InteractionsBuilder();
  const names = new ItemNames();
  let lines = 0;
  let kept = 0;
  const report = (problem: string, line: number): void => {
    malformed.count++;
    if (malformed.first.length < LISTED_PROBLEMS) malformed.first.push({ line, problem });
  };

  const sha256 = await readCsv(path, {
    onRecord(record, line) {
      lines++;
      const transaction = parseTransaction(record);
      if (typeof transaction === 'string') return report(transaction, line);
      const reason = dropReason(transaction);
      if (reason) {
        dropped[reason]++;
        return;
      }
      kept++;
      builder.add(transaction.customer, transaction.stockCode, transaction.at);
      names.add(transaction.stockCode, transaction.description);
    },
    onSyntaxError(problem, line) {
      lines++;
      report(problem, line);
    },
  });

  if (malformed.count > maxMalformedShare * lines) {
    const [first] = malformed.first;
    throw new DataError(
      `${path}: ${malformed.count} of ${lines} lines are malformed, more than the ${maxMalformedShare * 100} % allowed; ` +
        `the first is line ${first?.line}: ${first?.problem}`,
    );
  }
  if (kept === 0) throw new DataError(`${path}: none of its ${lines} lines is a sale of a product to a known customer`);
  const interactions = builder.build((item) => names.nameOf(item));
  const account: CleaningAccount = {
    lines,
    kept,
    dropped,
    malformed,
    customers: interactions.customers.length,
    items: interactions.items.length,
    from: localTime(interactions.time.reduce((a, b) => Math.min(a, b))),
    to: localTime(interactions.time.reduce((a, b) => Math.max(a, b))),
  };
  return { interactions, account, sha256 };
}

/** Reads and cleans a file for its account alone. */
export async function checkData(path: string, options?: ReadOptions): Promise<CleaningAccount> {
  return (await readDataset(path, options)).account;
}

function localTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
