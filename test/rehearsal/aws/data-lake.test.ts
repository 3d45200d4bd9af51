import { rehearsedArea } from './rehearsed-area';

describe('two data lakes, one that is put to, and one that reads a stream and that Lake Formation has a part in', () => {
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

  it('has Lake Formation decide for each principal that is named, on every zone', () => {
    expect(real().created).toMatchObject({
      aws_lakeformation_resource: 3,
      // For who queries a database and its tables in three zones, for who curates two locations more, and for Firehose.
      aws_lakeformation_permissions: 3 * 2 + 3 * 2 + 2 + 1,
      aws_lakeformation_opt_in: 3 * 2 * 2,
    });
  });
});
