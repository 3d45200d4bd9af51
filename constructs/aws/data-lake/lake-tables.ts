import type { GlueCatalogTableStorageDescriptor } from '@cdktf/provider-aws/lib/glue-catalog-table';

/** A table of the lake, as Glue describes it. */
export interface LakeTable {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment?: string }[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly format: Pick<GlueCatalogTableStorageDescriptor, 'inputFormat' | 'outputFormat' | 'serDeInfo'>;
}

/** What the model server takes at POST /v1/events, one line for each. */
export const EVENTS: LakeTable = {
  name: 'events',
  description: 'What customers did, as the model server takes it; dt is the day of arrival, UTC',
  columns: [
    { name: 'id', type: 'string', comment: 'Of its customer the only one with this id, for a day' },
    { name: 'user', type: 'string', comment: 'A reserved word: write "user" in a query' },
    { name: 'item', type: 'string' },
    { name: 'type', type: 'string', comment: 'purchase' },
    { name: 'at', type: 'bigint', comment: 'Milliseconds since the epoch' },
  ],
  format: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serDeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  },
};

/** What a shop exports and the trainer reads: CSV with a head line, compressed or not. */
export const TRANSACTIONS: LakeTable = {
  name: 'transactions',
  description: 'Lines of invoices as the shop exports them, in the columns of Online Retail; all of them text',
  columns: [
    'invoiceno',
    'stockcode',
    'description',
    'quantity',
    'invoicedate',
    'unitprice',
    'customerid',
    'country',
  ].map((name) => ({ name, type: 'string' })),
  parameters: { 'skip.header.line.count': '1' },
  format: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    // The one reader of CSV that knows quotes; it takes every column for text.
    serDeInfo: { serializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' },
  },
};
