import { rehearsedArea } from './rehearsed-area';

describe('two data lakes, one that is put to and one that reads a stream', () => {
  const { real } = rehearsedArea('data-lake');

  it('have three zones each, with a database, and the tables that Firehose and the shop fill', () => {
    expect(real().created).toMatchObject({
      aws_s3_bucket: 9,
      aws_glue_catalog_database: 6,
      aws_glue_catalog_table: 4,
      aws_kinesis_firehose_delivery_stream: 2,
      aws_athena_workgroup: 2,
    });
  });
});
