import { closeSync, openSync, writeSync } from 'node:fs';
import { DataError } from '../errors';
import { dropReason } from './cleaning';
import { readCsv } from './read-csv';
import { COLUMNS, parseTransaction } from './transaction';

export interface PrepareOptions {
  /** Transactions in the format of Online Retail, CSV, plain or gzipped; a shop exports one file a day or so. */
  readonly inputs: readonly string[];
  /** CSV of what is left of them, in the same format. Overwritten. */
  readonly output: string;
  /** Largest share of malformed lines of a file, 0 to 1. @default 0.01 */
  readonly maxMalformedShare?: number;
}

export interface PreparedData {
  /** Lines that training uses. */
  readonly kept: number;
  /** Lines that are no sale of a product to a known customer. */
  readonly dropped: number;
  /** Lines that can't be parsed. */
  readonly malformed: number;
}

/**
 * Makes one file of several, with only the lines that training uses, in the order of the inputs: what a file is trained
 * to is the same before and after. Lines pass one at a time, so the files may be larger than the memory; the same inputs
 * give the same bytes.
 *
 * @throws DataError when a file can't be read or holds too many malformed lines, or when nothing is left
 */
export async function prepareData({ inputs, output, maxMalformedShare = 0.01 }: PrepareOptions): Promise<PreparedData> {
  const total = { kept: 0, dropped: 0, malformed: 0 };
  const lines = new LineWriter(output);
  try {
    lines.write(COLUMNS);
    for (const path of inputs) {
      const { kept, dropped, malformed } = await prepareFile(path, lines);
      if (malformed > maxMalformedShare * (kept + dropped + malformed)) {
        throw new DataError(
          `${path}: ${malformed} of ${kept + dropped + malformed} lines are malformed, more than the ${maxMalformedShare * 100} % allowed`,
        );
      }
      total.kept += kept;
      total.dropped += dropped;
      total.malformed += malformed;
    }
  } finally {
    lines.close();
  }
  if (total.kept === 0) throw new DataError(`${inputs.join(', ')}: no line is a sale of a product to a known customer`);
  return total;
}

async function prepareFile(path: string, lines: LineWriter): Promise<PreparedData> {
  const counts = { kept: 0, dropped: 0, malformed: 0 };
  await readCsv(path, {
    onRecord(record) {
      const transaction = parseTransaction(record);
      if (typeof transaction === 'string') counts.malformed++;
      else if (dropReason(transaction)) counts.dropped++;
      else {
        counts.kept++;
        lines.write(record);
      }
    },
    onSyntaxError() {
      counts.malformed++;
    },
  });
  return counts;
}

/** Characters that are written at once. */
const CHUNK = 65_536;

/** Writes lines before it takes the next ones: a stream would keep what the disk is too slow for. */
class LineWriter {
  private readonly file: number;
  private chunk = '';

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  write(record: readonly string[]): void {
    this.chunk += `${record.map(field).join(',')}\n`;
    if (this.chunk.length >= CHUNK) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    const bytes = Buffer.from(this.chunk);
    for (let written = 0; written < bytes.length; ) written += writeSync(this.file, bytes, written);
    this.chunk = '';
  }
}

/** A field as CSV has it. */
function field(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
