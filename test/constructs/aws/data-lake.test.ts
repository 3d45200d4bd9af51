import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { AccessLogBucket, DataLake, type DataLakeProps, LakeEventSource, ServiceRole } from '../../../constructs/aws';
import { EVENTS, TRANSACTIONS } from '../../../constructs/aws/data-lake/lake-tables';
import { EventsBody } from '../../../model-server/src/request-schemas';
import { named, onAws, statements } from './fixtures';

const LAKE = 'shop-prod-lake-111122223333';
type Verb = 'ingest' | 'query' | 'curate';
const lake = (props: Partial<DataLakeProps> = {}, verb?: Verb) =>
  onAws((stack) => {
    const made = new DataLake(stack, 'DataLake', { lakeName: LAKE, since: '2026-01-01', ...props });
    if (!verb) return;
    const role = new ServiceRole(stack, 'Role', {
      roleName: 'role',
      description: verb,
      service: 'pods.eks.amazonaws.com',
    });
    made.grants[verb](role);
  });
const defaults = lake();
const STREAM = {
  streamArn: 'arn:aws:kinesis:us-east-1:111122223333:stream/clicks',
  keyArn: 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000001',
};

describe('the zones', () => {
  test('are a bucket each, encrypted by the key of the lake, and one for results', () => {
    const buckets = Object.values(defaults.resources('aws_s3_bucket')).map(({ bucket }) => bucket);
    expect(buckets).toEqual(['clean', 'curated', 'queries', 'raw'].map((zone) => `${LAKE}-${zone}`));
    for (const { rule } of Object.values(defaults.resources('aws_s3_bucket_server_side_encryption_configuration'))) {
      expect(JSON.stringify(rule)).toMatch(/aws_kms_key\.DataLake_Key_/);
    }
    expect(Object.keys(defaults.resources('aws_s3_bucket_public_access_block'))).toHaveLength(4);
    expect(Object.keys(defaults.resources('aws_kms_key'))).toHaveLength(1);
  });

  test('have a database each', () => {
    const names = Object.values(defaults.resources('aws_glue_catalog_database')).map(({ name }) => name);
    const prefix = LAKE.replaceAll('-', '_');
    expect(names).toEqual([`${prefix}_clean`, `${prefix}_curated`, `${prefix}_raw`]);
  });

  test.each([
    [{}, [400, 400, 1100]],
    [{ rawDays: 30, cleanDays: 60, curatedDays: 90 }, [30, 60, 90]],
  ])('with %j, raw, clean and curated are kept %j days', (props, [raw, clean, curated]) => {
    const expirations = (id: string) =>
      (named(lake(props), 'aws_s3_bucket_lifecycle_configuration', id).rule as { expiration?: object }[])
        .map(({ expiration }) => expiration)
        .filter(Boolean);
    expect(expirations('DataLake_Raw_Lifecycle')).toEqual([[{ days: raw }]]);
    expect(expirations('DataLake_Clean_Lifecycle')).toEqual([[{ days: clean }]]);
    expect(expirations('DataLake_Curated_Lifecycle')).toEqual([[{ days: curated }]]);
  });

  test('log who asked for what, where logs are kept', () => {
    const logged = onAws((stack) => {
      const accessLogs = new AccessLogBucket(stack, 'AccessLogs', { bucketName: 'shop-prod-logs' });
      new DataLake(stack, 'DataLake', { lakeName: LAKE, since: '2026-01-01', accessLogs });
    });
    const prefixes = Object.values(logged.resources('aws_s3_bucket_logging')).map(({ target_prefix }) => target_prefix);
    expect(prefixes).toEqual(['clean', 'curated', 'raw'].map((zone) => `${LAKE}-${zone}/`));
    expect(defaults.resourceTypes()).not.toContain('aws_s3_bucket_logging');
  });

  test.each([
    [undefined, true],
    [false, false],
  ])('with protection %p, a destroy is refused: %p', (protection, refused) => {
    const stack = lake({ protection });
    for (const bucket of Object.values(stack.resources('aws_s3_bucket'))) {
      expect(bucket).toMatchObject({ force_destroy: !refused, lifecycle: { prevent_destroy: refused } });
    }
    expect(stack.resource('aws_kms_key').lifecycle).toEqual({ prevent_destroy: refused });
    expect(stack.resource('aws_athena_workgroup').force_destroy).toBe(!refused);
  });

  test('the logical ids of buckets and key stay what they are', () => {
    expect(Object.keys({ ...defaults.resources('aws_s3_bucket'), ...defaults.resources('aws_kms_key') })).toEqual([
      'DataLake_Clean_8856B8F7',
      'DataLake_Curated_D6D7CE2D',
      'DataLake_Queries_Results_46CBF417',
      'DataLake_Raw_1F82835B',
      'DataLake_Key_6ACD72F9',
    ]);
  });
});

describe('the tables', () => {
  test('events has the fields that the model server takes', () => {
    const fields = Object.keys(EventsBody.shape.events.element.shape);
    expect(fields).toContain('user');
    expect(EVENTS.columns.map(({ name }) => name).sort()).toEqual(fields.sort());
  });

  test('transactions has the columns of the shop’s export, in their order', async () => {
    const file = createReadStream(join(__dirname, '../../../data/online-retail.csv.gz')).pipe(createGunzip());
    let head = '';
    for await (const line of createInterface({ input: file })) {
      head = line;
      break;
    }
    file.destroy();
    expect(TRANSACTIONS.columns.map(({ name }) => name)).toEqual(head.toLowerCase().split(','));
  });

  test.each(['events', 'transactions'])('%s is partitioned by the day, which Athena works out', (name) => {
    const table = Object.values(defaults.resources('aws_glue_catalog_table')).find((one) => one.name === name);
    expect(table).toMatchObject({
      partition_keys: [{ name: 'dt', type: 'date' }],
      parameters: {
        'projection.enabled': 'true',
        'projection.dt.type': 'date',
        'projection.dt.format': 'yyyy-MM-dd',
        'projection.dt.range': '2026-01-01,NOW',
      },
      storage_descriptor: { location: expect.stringMatching(new RegExp(`^s3://.*DataLake_Raw.*/${name}/$`)) },
    });
  });
});

describe('Firehose', () => {
  const stream = (props?: Partial<DataLakeProps>) => lake(props).resource('aws_kinesis_firehose_delivery_stream');

  test('writes Parquet into the folder of the day, in the columns of the table, and what it can’t apart', () => {
    const { extended_s3_configuration: s3 } = stream() as { extended_s3_configuration: Record<string, unknown> };
    expect(s3).toMatchObject({
      prefix: 'events/dt=!{timestamp:yyyy-MM-dd}/',
      error_output_prefix: 'errors/events/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
      data_format_conversion_configuration: {
        output_format_configuration: { serializer: { parquet_ser_de: { compression: 'SNAPPY' } } },
        schema_configuration: { table_name: expect.stringMatching(/DataLake_Raw_Events_.*\.name/) },
      },
      cloudwatch_logging_options: { enabled: true },
    });
    // Less is refused where the format is converted.
    expect(s3.buffering_size).toBeGreaterThanOrEqual(64);
  });

  test('encrypts what it is given by the key of the lake', () => {
    expect(stream()).toMatchObject({
      server_side_encryption: {
        enabled: true,
        key_type: 'CUSTOMER_MANAGED_CMK',
        key_arn: expect.stringMatching(/Key_/),
      },
    });
    expect(stream()).not.toHaveProperty('kinesis_source_configuration');
  });

  test('or reads a stream, which is encrypted already', () => {
    const source = LakeEventSource.kinesis(STREAM);
    expect(stream({ source })).toMatchObject({
      kinesis_source_configuration: { kinesis_stream_arn: STREAM.streamArn },
    });
    expect(stream({ source })).not.toHaveProperty('server_side_encryption');
    const all = statements(named(lake({ source }), 'aws_iam_role_policy', 'DataLake_Delivery_Policy').policy);
    expect(
      all.filter(({ Action }) => JSON.stringify(Action).includes('kinesis:')).map(({ Resource }) => Resource),
    ).toEqual([STREAM.streamArn]);
  });

  test('acts for this account only, writes two folders of raw, and reads one table', () => {
    const { assume_role_policy } = named(defaults, 'aws_iam_role', 'DataLake_Delivery_Role');
    expect(statements(assume_role_policy)[0]?.Condition).toEqual({
      StringEquals: { 'sts:ExternalId': expect.stringMatching(/aws_caller_identity/) },
    });
    const all = statements(named(defaults, 'aws_iam_role_policy', 'DataLake_Delivery_Policy').policy);
    const resources = (action: string) =>
      all.filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource = [] }) => Resource);
    expect(resources('s3:PutObject')).toEqual([
      expect.stringMatching(/DataLake_Raw_\w+\.arn\}\/events\/\*$/),
      expect.stringMatching(/DataLake_Raw_\w+\.arn\}\/errors\/\*$/),
    ]);
    expect(resources('glue:GetTable')).toContainEqual(
      expect.stringMatching(/aws_glue_catalog_table\.DataLake_Raw_Events_/),
    );
    expect(all.flatMap(({ Action }) => Action).filter((action) => /Delete|\*/.test(action))).toEqual([]);
  });
});

test('a query obeys the workgroup: a limit of bytes, and results encrypted in a bucket of their own', () => {
  expect(lake({ maxGibPerQuery: 2 }).resource('aws_athena_workgroup').configuration).toMatchObject({
    enforce_workgroup_configuration: true,
    bytes_scanned_cutoff_per_query: 2 * 1024 ** 3,
    result_configuration: {
      output_location: expect.stringMatching(/^s3:\/\/.*DataLake_Queries_Results/),
      encryption_configuration: { encryption_option: 'SSE_KMS', kms_key_arn: expect.stringMatching(/DataLake_Key_/) },
    },
  });
  expect(defaults.resource('aws_athena_workgroup').configuration).toMatchObject({
    bytes_scanned_cutoff_per_query: 10 * 1024 ** 3,
  });
  const { rule } = named(defaults, 'aws_s3_bucket_lifecycle_configuration', 'DataLake_Queries_Results_Lifecycle');
  expect(rule).toContainEqual(expect.objectContaining({ id: 'expire-results', expiration: [{ days: 7 }] }));
});

describe('grants', () => {
  const permissions = (verb: Verb) => {
    const id = `Role_DataLake${verb.replace(/^./, (letter) => letter.toUpperCase())}`;
    return statements(named(lake({}, verb), 'aws_iam_role_policy', id).policy);
  };
  const buckets = (verb: Verb, action: string) =>
    permissions(verb)
      .filter(({ Action }) => [Action].flat().includes(action))
      .flatMap(({ Resource = [] }) => Resource)
      .map((resource) => /aws_s3_bucket\.DataLake_([A-Z][a-z]+)_/.exec(resource)?.[1]);

  test('ingest puts events, and does nothing else', () => {
    expect(permissions('ingest')).toEqual([
      {
        Effect: 'Allow',
        Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
        Resource: expect.stringMatching(/aws_kinesis_firehose_delivery_stream\.DataLake_Delivery_/),
      },
    ]);
  });

  test('query reads each zone, and writes results only', () => {
    expect(buckets('query', 's3:GetObject')).toEqual(['Raw', 'Clean', 'Curated', 'Queries']);
    expect(buckets('query', 's3:PutObject')).toEqual(['Queries']);
    const actions = permissions('query').flatMap(({ Action }) => Action);
    expect(actions).toContain('athena:StartQueryExecution');
    expect(actions.filter((action) => /^glue:(Create|Update|Delete|Batch)|Delete|\*/.test(action))).toEqual([]);
  });

  test('curate also writes clean and curated, and never raw', () => {
    expect(buckets('curate', 's3:PutObject')).toEqual(['Queries', 'Clean', 'Curated']);
    expect(buckets('curate', 's3:DeleteObject')).toEqual(['Clean', 'Curated']);
    const tables = permissions('curate').find(({ Action }) => [Action].flat().includes('glue:CreateTable'))?.Resource;
    expect(JSON.stringify(tables)).toMatch(/DataLake_Clean_Database/);
    expect(JSON.stringify(tables)).not.toMatch(/DataLake_Raw_Database/);
  });
});

describe('Lake Formation', () => {
  const ANALYSTS = 'arn:aws:iam::111122223333:role/analysts';
  const CURATORS = 'arn:aws:iam::111122223333:role/curators';
  const principals = { Analysts: { arn: ANALYSTS, may: 'query' }, Curators: { arn: CURATORS, may: 'curate' } } as const;
  const governed = lake({ lakeFormation: principals });
  const zoneOf = (value: unknown) => /DataLake_(Raw|Clean|Curated)_/.exec(JSON.stringify(value))?.[1];
  const held = (arn: string) =>
    Object.values(governed.resources('aws_lakeformation_permissions'))
      .filter(({ principal }) => principal === arn)
      .map(({ permissions, database, table, data_location }) => {
        const what = database ? 'database' : table ? 'tables' : 'location';
        return `${zoneOf({ database, table, data_location })} ${what}: ${(permissions as string[]).join(' ')}`;
      })
      .sort();

  test('has no part in a lake, unless it is said', () => {
    expect(defaults.resourceTypes().filter((type) => type.startsWith('aws_lakeformation_'))).toEqual([]);
  });

  test('is given each zone to decide on, for those who are named, by a role of the lake', () => {
    const locations = Object.values(governed.resources('aws_lakeformation_resource'));
    expect(locations.map(({ arn }) => zoneOf(arn))).toEqual(['Clean', 'Curated', 'Raw']);
    for (const location of locations) {
      expect(location).toMatchObject({
        hybrid_access_enabled: true,
        role_arn: expect.stringMatching(/DataLake_LakeFormation_Role_/),
      });
      expect(location).not.toHaveProperty('use_service_linked_role');
    }
    // Who administers Lake Formation is said for a whole account, and not here.
    expect(governed.resourceTypes()).not.toContain('aws_lakeformation_data_lake_settings');
  });

  test('query reads the tables of every zone', () => {
    expect(held(ANALYSTS)).toEqual([
      'Clean database: DESCRIBE',
      'Clean tables: DESCRIBE SELECT',
      'Curated database: DESCRIBE',
      'Curated tables: DESCRIBE SELECT',
      'Raw database: DESCRIBE',
      'Raw tables: DESCRIBE SELECT',
    ]);
  });

  test('curate also makes, fills and drops tables of clean and curated, and never of raw', () => {
    expect(held(CURATORS)).toEqual([
      'Clean database: CREATE_TABLE DESCRIBE',
      'Clean location: DATA_LOCATION_ACCESS',
      'Clean tables: ALTER DESCRIBE DROP INSERT SELECT',
      'Curated database: CREATE_TABLE DESCRIBE',
      'Curated location: DATA_LOCATION_ACCESS',
      'Curated tables: ALTER DESCRIBE DROP INSERT SELECT',
      'Raw database: DESCRIBE',
      'Raw tables: DESCRIBE SELECT',
    ]);
  });

  test('nobody can grant on what he holds', () => {
    for (const permission of Object.values(governed.resources('aws_lakeformation_permissions'))) {
      expect(permission).not.toHaveProperty('permissions_with_grant_option');
    }
  });

  test.each([ANALYSTS, CURATORS])('%s is opted in to each database and all of its tables', (arn) => {
    const optedIn = Object.values(governed.resources('aws_lakeformation_opt_in'))
      .filter(({ principal }) => JSON.stringify(principal).includes(arn))
      .map(({ resource_data }) => `${zoneOf(resource_data)} ${/wildcard/.test(JSON.stringify(resource_data))}`);
    expect(optedIn.sort()).toEqual(['Clean', 'Curated', 'Raw'].flatMap((zone) => [`${zone} false`, `${zone} true`]));
  });

  test('Firehose sees the columns that it converts to, even where new tables are closed to IAM', () => {
    expect(named(governed, 'aws_lakeformation_permissions', 'DataLake_LakeFormation_Delivery')).toMatchObject({
      principal: expect.stringMatching(/aws_iam_role\.DataLake_Delivery_Role_/),
      permissions: ['DESCRIBE', 'SELECT'],
      table: { name: expect.stringMatching(/DataLake_Raw_Events_/) },
    });
  });

  test('its role writes clean and curated, never raw, and is nothing but its own', () => {
    const { assume_role_policy } = named(governed, 'aws_iam_role', 'DataLake_LakeFormation_Role');
    expect(statements(assume_role_policy)[0]).toMatchObject({
      Principal: { Service: 'lakeformation.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': expect.stringMatching(/aws_caller_identity/) } },
    });
    const all = statements(named(governed, 'aws_iam_role_policy', 'DataLake_LakeFormation_Role_Data').policy);
    const zones = (action: string) =>
      all
        .filter(({ Action }) => [Action].flat().includes(action))
        .flatMap(({ Resource = [] }) => Resource)
        .map(zoneOf);
    expect(zones('s3:GetObject')).toEqual(['Raw', 'Clean', 'Curated']);
    expect(zones('s3:PutObject')).toEqual(['Clean', 'Curated']);
    expect(zones('s3:DeleteObject')).toEqual(['Clean', 'Curated']);
  });

  test.each<'query' | 'curate'>(['query', 'curate'])('with it, %s reads no zone by S3, and asks it instead', (verb) => {
    const id = `Role_DataLake${verb.replace(/^./, (letter) => letter.toUpperCase())}`;
    const granted = statements(named(lake({ lakeFormation: {} }, verb), 'aws_iam_role_policy', id).policy);
    const on = (action: string) =>
      granted.filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource = [] }) => Resource);
    expect(on('s3:GetObject')).toEqual([expect.stringMatching(/DataLake_Queries_Results_/)]);
    expect(on('lakeformation:GetDataAccess')).toEqual(['*']);
    expect(on('s3:ListBucket').map(zoneOf).filter(Boolean)).toEqual(verb === 'curate' ? ['Clean', 'Curated'] : []);
    expect(on('s3:PutObject').map(zoneOf).filter(Boolean)).toEqual(verb === 'curate' ? ['Clean', 'Curated'] : []);
  });

  test.each<[NonNullable<DataLakeProps['lakeFormation']>, string]>([
    [
      { Analysts: { arn: 'analysts', may: 'query' } },
      "lakeFormation's Analysts is analysts; it must be the ARN of an IAM role or user, arn:aws:iam::<account>:role/<name>.",
    ],
    [
      { Analysts: { arn: ANALYSTS, may: 'query' }, Curators: { arn: ANALYSTS, may: 'curate' } },
      `lakeFormation names ${ANALYSTS} as Analysts and as Curators; who may curate may query, too: name it once.`,
    ],
  ])('fails with %j', (lakeFormation, message) => {
    expect(() => lake({ lakeFormation })).toThrow(`test/DataLake/LakeFormation: ${message}`);
  });

  test('the HCL of what a curator holds in a zone', async () => {
    const hcl = await governed.hcl();
    const blocks = hcl.split(/(?=^resource )/m).filter((block) => /"DataLake_LakeFormation_Clean_/.test(block));
    expect(blocks.filter((block) => !/_Analysts_/.test(block)).join('')).toMatchSnapshot();
  });
});

test.each<[Partial<DataLakeProps>, string]>([
  [{ lakeName: 'Shop' }, 'lakeName is Shop; it must be 3 to 55 lowercase letters, digits and hyphens'],
  [{ lakeName: 'a'.repeat(56) }, `lakeName is ${'a'.repeat(56)}; it must be 3 to 55`],
  [{ since: '2026-13-01' }, 'since is 2026-13-01; it must be a day, such as 2026-01-31.'],
  [{ maxGibPerQuery: 0.5 }, 'maxGibPerQuery is 0.5; it must be a whole number of GiB from 1.'],
  [{ rawDays: 0 }, 'rawDays is 0; it must be a whole number of days from 1.'],
  [{ resultDays: 0 }, 'resultDays is 0; it must be a whole number of days from 1.'],
])('fails with %j', (props, message) => {
  expect(() => lake(props)).toThrow(`test/DataLake: ${message}`);
});

test('fails when somebody is to put to a lake that reads a stream', () => {
  expect(() => lake({ source: LakeEventSource.kinesis(STREAM) }, 'ingest')).toThrow(
    'test/DataLake: grants.ingest is for a lake that is put to; this one reads a Kinesis stream: grant the stream instead.',
  );
});

test('the HCL of delivery and workgroup', async () => {
  const hcl = await defaults.hcl();
  expect(hcl.slice(hcl.indexOf('resource "aws_cloudwatch_log_group"'))).toMatchSnapshot();
});
